import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runDrawn } from '../../src/hunt/run.ts';
import { huntFor } from '../hunt/hunts.ts';
import { type Bench, type Figure, median, number, wallNs } from './measure.ts';

const ROUNDS = 5;
const RUNS = 300;
const SEEDS = [1, 2, 3, 4, 5];

// The bench is run in the root of the clone, wherever it was bundled to.
const bin = join(process.cwd(), 'bin/cap-tutor.js');

/** Runs a second in one thread; other runs in each round. */
function speed(property: string, cluster: string): Figure {
  const hunt = huntFor(property, cluster);
  const rounds: number[] = [];
  let events = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const ns = wallNs(() => {
      for (let run = round * RUNS; run < (round + 1) * RUNS; run++) {
        const ran = runDrawn(hunt, run);
        if (round > 0) events += ran.events;
      }
    });
    if (round > 0) rounds.push((RUNS / ns) * 1e9);
  }
  const each = events / ROUNDS / RUNS;
  return {
    what: `${property} on ${cluster}`,
    rounds,
    unit: ' runs/s',
    note: `one thread; ${number(each)} events a run, ${number((median(rounds) * each) / 1e6)} million a second`,
  };
}

/** Seconds until the program has found and shrunk it, from its start, on two threads; another seed in each round. */
function foundIn(property: string, cluster: string, extra: readonly string[] = []): Figure {
  const runs: number[] = [];
  const rounds = SEEDS.map((seed) => {
    let out = { status: null as number | null, stdout: '' };
    const words = ['hunt', property, '--system', cluster, '--seed', String(seed), '--jobs', '2', '--runs', '100000', '--json', ...extra];
    const ns = wallNs(() => {
      out = spawnSync(process.execPath, [bin, ...words], { encoding: 'utf8' });
    });
    if (out.status !== 1) throw new Error(`cap-tutor ${words.join(' ')} ended with ${String(out.status)}`);
    runs.push((JSON.parse(out.stdout) as { readonly run: number }).run);
    return ns / 1e9;
  });
  const faults = extra.length === 0 ? '' : `, ${extra[1]}`;
  return { what: `found: ${property} on ${cluster}${faults}`, rounds, unit: ' s', aim: { atMost: 20 }, note: `in runs ${runs.join(', ')}` };
}

export const hunt: Bench = {
  name: 'hunt',
  title: 'Hunts: runs a second, and how long known anomalies take with seeds 1 to 5',
  run: () => [
    speed('not linearizable', 'etcd'),
    speed('two leaders', 'etcd'),
    speed('diverged', 'etcd'),
    speed('not linearizable', 'cassandra level=QUORUM'),
    foundIn('not linearizable', 'etcd read=lease'),
    foundIn('not linearizable', 'etcd read=lease', ['--faults', 'partition,drift']),
    foundIn('not linearizable', 'cassandra level=QUORUM read_repair=NONE'),
    foundIn('not linearizable', 'cassandra level=QUORUM read_repair=NONE', ['--faults', 'network']),
    foundIn('two leaders', 'etcd bug=vote-twice'),
    foundIn('two leaders', 'etcd bug=forget-vote'),
    foundIn('diverged', 'etcd bug=commit-old-term'),
    foundIn('not linearizable', 'etcd bug=skip-log-check'),
    foundIn('stale read', 'etcd bug=local-read'),
  ],
};
