import { formatDuration } from '../core/units.ts';
import { SCRIPT_HEADER, startLine } from '../session/script.ts';
import { RUN_EVENTS } from './bounds.ts';
import type { End, Tally } from './ledger.ts';
import { type Hunt, scriptOf } from './run.ts';
import type { Shrunk } from './shrink.ts';

/** `40,000`. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function many(n: number, one: string, several = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : several}`;
}

/** More nodes than this are counted, not named. */
const NAMED = 7;

/** What is hunted, and where: `stale read on etcd read=lease`. */
export function questOf({ goal, ground }: Hunt): string {
  const [setup] = ground.setups;
  const words =
    setup === undefined
      ? []
      : startLine({ ...setup, seed: 0 })
          .split(' ')
          .slice(1, -1);
  // Neither are nodes that nobody named a part of the question, nor the usual ones.
  const usual = ground.setups.length > 1 || setup?.nodes.join(' ') === 'a b c';
  const crowd = (setup?.nodes.length ?? 0) > NAMED;
  const shown = usual || crowd ? words.filter((word) => !(setup?.nodes ?? []).includes(word)) : words;
  if (crowd) shown.splice(1, 0, `nodes=${setup?.nodes.length}`);
  return `${goal.words} on ${shown.join(' ')}`;
}

/** The script that was found, as a file that runs. */
export function scriptLines(hunt: Hunt, at: number, { found, from, tries }: Shrunk): readonly string[] {
  return [
    SCRIPT_HEADER,
    ...remark(`hunt: ${questOf(hunt)}, seed ${hunt.bounds.seed}, run ${count(at)}`),
    ...remark(found.reason),
    ...remark(`${many(found.lines.length, 'command')} of the run's ${count(from)}; ${many(tries, 'try', 'tries')} to leave out the others`),
    ...scriptOf(found),
  ];
}

/** Columns of a line of a comment: where lines are wrapped, the rest of one would be no comment any more. */
const COLUMNS = 78;

/** A sentence as comments. */
export function remark(sentence: string): readonly string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of sentence.split(' ')) {
    if (line.length + 1 + word.length > COLUMNS && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** What was tried, for whoever found nothing. */
export function tried({ bounds }: Hunt, tally: Tally): string {
  const faults =
    bounds.faults.length === 0 ? 'no faults' : `${many(tally.faults, 'fault', 'faults')} (${bounds.faults.join(', ')}) and mendings`;
  const spent =
    tally.spent === 0
      ? ''
      : `; ${many(tally.spent, 'run')} of more than ${count(RUN_EVENTS)} events say${tally.spent === 1 ? 's' : ''} nothing`;
  return `tried with seed ${bounds.seed}: ${many(tally.operations, 'operation')}, ${faults}, ${many(tally.events, 'event')}, ${formatDuration(tally.us)} of virtual time${spent}`;
}

/** How it ended, where nothing was found. */
export function noneLines(hunt: Hunt, end: Extract<End, { kind: 'none' }>, tally: Tally): readonly string[] {
  const runs = many(tally.runs, 'run');
  const first =
    end.because === 'runs'
      ? `${runs}, none has ${hunt.goal.says}; that is not a proof`
      : end.because === 'events'
        ? `the ${count(hunt.bounds.events)} events are used up after ${runs}: none has ${hunt.goal.says}; that is not a proof`
        : tally.runs === 0
          ? 'stopped before the first run was done'
          : `stopped: all runs up to ${count(tally.runs)} are done, and none has ${hunt.goal.says}; that is not a proof`;
  return [first, tried(hunt, tally)];
}

/** The same as data, keys in this order. */
export function rowOf(hunt: Hunt, end: End, tally: Tally, shrunk: Shrunk | undefined): Readonly<Record<string, unknown>> {
  const [setup] = hunt.ground.setups;
  return {
    hunt: hunt.goal.words,
    system: setup?.system.name,
    seed: hunt.bounds.seed,
    found: end.kind === 'found',
    ...(end.kind === 'found' ? { run: end.at } : {}),
    ...(end.kind === 'none' && end.because !== 'runs' ? { ended: end.because } : {}),
    runs: tally.runs,
    operations: tally.operations,
    faults: tally.faults,
    events: tally.events,
    virtual_ms: tally.us / 1000,
    cut_short: tally.spent,
    ...(shrunk === undefined ? {} : { reason: shrunk.found.reason, script: scriptOf(shrunk.found) }),
    format: 1,
  };
}
