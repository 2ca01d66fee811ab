import type { Mutation } from './mutations.ts';
import type { Trial } from './trial.ts';

/** A mutation that changes nothing anybody can see, or that something else sees, with the reason. */
export interface Reviewed {
  readonly path: string;
  readonly within: string;
  /** Where in that line, without what indents it, counted from 0; absent where it does not matter. */
  readonly column?: number;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

export interface Result {
  readonly mutation: Mutation;
  readonly trial: Trial;
}

const excuses = (one: Reviewed, { path, within, column, from, to }: Mutation): boolean =>
  one.path === path && one.within === within && one.from === from && one.to === to && (one.column ?? column) === column;

/** Those that live and are not excused. */
export const survivors = (results: readonly Result[], list: readonly Reviewed[]): readonly Result[] =>
  results.filter(({ mutation, trial }) => !trial.killed && !list.some((one) => excuses(one, mutation)));

/** What becomes an entry of the list once somebody has found the reason. */
export const entryOf = ({ path, within, column, from, to }: Mutation): Reviewed => ({ path, within, column, from, to, because: '' });

const folderOf = ({ path }: Mutation): string =>
  path
    .split('/')
    .slice(0, path.split('/').length > 3 ? 3 : 2)
    .join('/');

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(36)}${cells.map((cell) => String(cell).padStart(15)).join('')}\n`;

/** Folder by folder how many there were (those killed by their work alone are counted among the killed too), and then every survivor. `whole`: nothing was left out of the files that were looked at. */
export function reportOf(results: readonly Result[], list: readonly Reviewed[], whole: boolean): string {
  const open = survivors(results, list);
  let text = `\n${row('folder', ['mutants', 'killed', 'by work', 'equivalent', 'never reached', 'survived'])}`;
  const line = (name: string, inside: (one: Result) => boolean): string => {
    const [all, loose] = [results.filter(inside), open.filter(inside)];
    const killed = all.filter(({ trial }) => trial.killed).length;
    const strange = loose.filter(({ trial }) => trial.reached === 0).length;
    const slow = all.filter(({ trial }) => trial.slow === true).length;
    return row(name, [all.length, killed, slow, all.length - killed - loose.length, strange, loose.length - strange]);
  };
  const folders = [...new Set(results.map(({ mutation }) => folderOf(mutation)))];
  for (const folder of folders) text += line(folder, ({ mutation }) => folderOf(mutation) === folder);
  if (folders.length > 1) text += line('all', () => true);
  for (const { mutation, trial } of open) {
    const { path, line: at, column, from, to, within } = mutation;
    const fate = trial.reached === 0 ? 'never reached' : `survived, reached by ${trial.reached}, judged by ${trial.judged}`;
    text += `\n${path}:${at} ${fate}\n  ${within}\n  ${' '.repeat(column)}${from.replaceAll('\n', ' ')} -> ${to}\n`;
  }
  const paths = new Set(results.map(({ mutation }) => mutation.path));
  for (const one of list.filter(({ path }) => paths.has(path))) {
    const meant = results.filter(({ mutation }) => excuses(one, mutation));
    if (meant.length === 0 && !whole) continue;
    if (meant.length === 0) text += `\n${one.path}: nothing is ${one.from} -> ${one.to} any more in\n  ${one.within}\n`;
    else if (meant.every(({ trial }) => trial.killed))
      text += `\n${one.path}: ${one.from} -> ${one.to} is listed and was killed in\n  ${one.within}\n`;
  }
  return text;
}
