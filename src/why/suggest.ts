import type { Proc } from '../core/ids.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Blamed, Teller } from './teller.ts';
import type { Suggestion, WhyInput } from './types.ts';

/** How many candidates at most: each costs the caller a run on a branch. */
export const MAX_CANDIDATES = 12;

/**
 * What might have changed the outcome, most telling first: mending what was blamed, the system's own alternatives, then asking another node, then letting
 * time pass. Nothing here is certain; the caller tries each.
 */
export function candidates(teller: Teller, input: WhyInput): readonly Suggestion[] {
  const out: Suggestion[] = [];
  const add = (one: Suggestion): void => {
    if (!out.some((known) => known.text === one.text)) out.push(one);
  };
  const mends = teller.blamed.map((blamed) => mendings(teller, blamed));
  const wholes = [...new Set(mends.flatMap(([whole]) => (whole === undefined ? [] : [whole])))];
  const stale = input.newest !== undefined;
  // What was mended needs time to show: connections come back, replicas catch up, hints are delivered. A local read does not wait for that.
  for (const whole of wholes.slice(0, 4)) add(before(stale ? [whole, 'settle'] : [whole]));
  for (const whole of wholes.slice(0, 2)) add({ ...before([whole, 'settle']), unless: [whole] });
  if (wholes.length > 1)
    add({ ...before([...wholes.slice(0, 4), 'settle']), unless: wholes.flatMap((whole) => [whole, `${whole}; settle`]) });
  for (const one of input.alternatives) {
    add({ commands: [], replacement: one.command, text: one.command, ...(one.caveat === undefined ? {} : { caveat: one.caveat }) });
  }
  if (stale) add({ ...before(['settle']), unless: wholes.map((whole) => `${whole}; settle`) });
  for (const other of elsewhere(teller, input)) add({ commands: [], replacement: other, text: other });
  for (const [whole, part] of mends) if (part !== undefined) add({ ...before([part]), unless: [whole ?? '', `${whole}; settle`] });
  add({ ...before(['settle']), unless: wholes.map((whole) => `${whole}; settle`) });
  return out.slice(0, MAX_CANDIDATES);
}

function before(commands: readonly string[]): Suggestion {
  return { commands, text: commands.join('; ') };
}

/** The command that mends what was blamed, and a narrower one if there is. */
function mendings(teller: Teller, { why, nodes }: Blamed): readonly [whole?: string, part?: string] {
  const names = nodes.map((node) => teller.name(node));
  switch (why) {
    case 'cut':
      return names.length === 2 && nodes.every((node) => !teller.isClient(node)) ? ['heal', `heal ${names.join(' ')}`] : ['heal'];
    case 'loss':
    case 'delay':
      return ['heal'];
    case 'reconnecting':
      return ['wait 250ms'];
    case 'down':
    case 'off':
    case 'old-connection':
      return nodes.some((node) => teller.isClient(node)) ? [] : [`restart ${names.join(' ')}`];
    case 'paused':
      return [`resume ${names.join(' ')}`];
    case 'slow':
      return [`slow ${names[0]} 0ms`];
    case 'skew':
      return [`skew ${names[0]} +0s`];
    case 'drift':
      return [`drift ${names[0]} 1x`];
    default:
      return unreachable(why);
  }
}

/** The same operation at other servers, nearest in order first; those blamed for being down come last. */
function elsewhere(teller: Teller, input: WhyInput): readonly string[] {
  const here = input.outcome?.node ?? -1;
  const down = new Set(
    teller.blamed.filter(({ why }) => why === 'down' || why === 'off' || why === 'paused').flatMap(({ nodes }) => nodes),
  );
  const others: Proc[] = [];
  for (let proc = 0; proc < Math.min(teller.scene.size, 12); proc++) if (proc !== here && !down.has(proc)) others.push(proc);
  return others.slice(0, 2).map((proc) => retarget(input.text, teller.name(proc)));
}

/** A command line sent to another node: `read x@c` to a is `read x@a`. Quoted words are left alone. */
export function retarget(text: string, node: string): string {
  const prefix = /^[^\s"]+:\s+/.exec(text)?.[0] ?? '';
  const pieces =
    text
      .slice(prefix.length)
      .replace(/\s*&\s*$/, '')
      .match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [];
  const at = pieces.findIndex((piece) => !piece.startsWith('"') && /@[A-Za-z]/.test(piece));
  if (at >= 0) {
    return prefix + pieces.map((piece, i) => (i === at ? piece.replace(/@[A-Za-z][A-Za-z0-9_./-]*/, `@${node}`) : piece)).join('');
  }
  const command = pieces.join('');
  const key = /^(\S+\s+[A-Za-z][A-Za-z0-9_./-]*)(\s|$)/.exec(command)?.[1];
  return prefix + (key === undefined ? `${command} @${node}` : `${key}@${node}${command.slice(key.length)}`);
}
