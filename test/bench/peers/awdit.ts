import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLines, plume, recordStore } from '../causal-store.ts';
import { type Figure, number } from '../measure.ts';
import { best, ours, type Result, run } from './run.ts';

interface Shape {
  readonly operations: number;
  readonly sessions: number;
  readonly keys: number;
  /** Operations that a replica may be behind. */
  readonly lag: number;
  readonly runs: number;
  readonly aim: number;
}

const shapes: readonly Shape[] = [
  { operations: 100_000, sessions: 10, keys: 100, lag: 0, runs: 8, aim: 5 },
  { operations: 100_000, sessions: 10, keys: 100, lag: 200, runs: 8, aim: 5 },
  { operations: 100_000, sessions: 50, keys: 100, lag: 200, runs: 8, aim: 3 },
  { operations: 1_000_000, sessions: 10, keys: 1000, lag: 200, runs: 3, aim: 5 },
  { operations: 1_000_000, sessions: 50, keys: 1000, lag: 200, runs: 3, aim: 3 },
];

/** What AWDIT calls causal consistency is CCv where each transaction is one operation. The store of these histories is causal, so that both have to look at all of it. */
export function awdit(peer: string, folder: string): readonly Figure[] {
  mkdirSync(folder, { recursive: true });
  return shapes.map(({ operations, sessions, keys, lag, runs, aim }) => {
    const recording = recordStore(operations, sessions, keys, lag, 7);
    const name = join(folder, `causal-${operations}-${sessions}-${keys}-${lag}`);
    writeFileSync(`${name}.jsonl`, jsonLines(recording));
    writeFileSync(`${name}.txt`, plume(recording));
    const judge = (): Result | undefined => run([...ours, '--model', 'causal-convergent'], runs, [`${name}.jsonl`])?.results[0];
    const [one, theirs, two] = [judge(), run([peer], runs, [`${name}.txt`])?.results[0], judge()];
    if (one === undefined || theirs === undefined || two === undefined) throw new Error('a peer failed; what it said stands above');
    if (one.verdict !== theirs.verdict) console.log(`  ${name}: the peer says ${theirs.verdict}, we say ${one.verdict}`);
    const own = Math.min(best(one.ms), best(two.ms));
    return {
      what: `${number(operations)} operations, ${sessions} sessions, ${lag === 0 ? 'no lag' : `up to ${lag} behind`}`,
      rounds: [best(theirs.ms) / own],
      unit: 'x',
      aim: { atLeast: aim },
      note: `${number(best(theirs.ms))} ms / ${number(own)} ms; memory ${number(theirs.rssKb / one.rssKb)}x`,
    };
  });
}
