import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, number } from '../measure.ts';
import { history, type Shape } from './generate.ts';
import { best, ours, type Result, type Run, run } from './run.ts';

/** How often each file is judged; the best run counts, on both sides. */
const RUNS = 8;

/** Porcupine's own data below a folder, however deep: `etcd_000.log` and so on, `c50-ok.txt` and so on. */
function recorded(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  // In 095 the cluster did not start: it holds no operation.
  const wanted = files.filter((file) => /etcd_\d{3}\.log$|c\d\d-(ok|bad)\.txt$/.test(file) && !file.endsWith('etcd_095.log'));
  return wanted
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .sort();
}

interface Pair {
  readonly theirs: Result;
  readonly own: Result;
}

/** Both judge the files in turns: first the one, then the other, then the one again. */
function pairs(peer: string, files: readonly string[]): readonly Pair[] {
  const own = run(ours, RUNS, files);
  const theirs = run([peer], RUNS, files);
  const again = run(ours, RUNS, files);
  if (own === undefined || theirs === undefined || again === undefined) throw new Error('a peer failed; what it said stands above');
  return theirs.results.map((result, i) => {
    const [one, two] = [own.results[i] as Result, again.results[i] as Result];
    if (one.verdict !== result.verdict) console.log(`  ${result.file}: the peer says ${result.verdict}, we say ${one.verdict}`);
    return { theirs: result, own: best(two.ms) < best(one.ms) ? two : one };
  });
}

const ratio = ({ theirs, own }: Pair): number => best(theirs.ms) / best(own.ms);
const sum = (results: readonly Result[]): number => results.reduce((all, { ms }) => all + best(ms), 0);

function onRecorded(peer: string, data: string): readonly Figure[] {
  const files = recorded(data);
  const logs = files.filter((file) => file.endsWith('.log'));
  const maps = files.filter((file) => file.endsWith('.txt'));
  const figures: Figure[] = [];
  const all: Pair[] = [];
  if (logs.length > 0) {
    const both = pairs(peer, logs);
    all.push(...both);
    const [theirs, own] = [sum(both.map((pair) => pair.theirs)), sum(both.map((pair) => pair.own))];
    const note = `${number(theirs)} ms / ${number(own)} ms`;
    figures.push({ what: `${logs.length} etcd logs, sum`, rounds: [theirs / own], unit: 'x', aim: { atLeast: 30 }, note });
  }
  for (const file of maps) {
    const [pair] = pairs(peer, [file]);
    if (pair === undefined) continue;
    all.push(pair);
    const name = file.slice(-Math.max(10, 'c50-bad.txt'.length)).replace(/^\//, '');
    const aim = name.startsWith('c50-ok') ? 30 : name.startsWith('c50-bad') ? 15 : 1;
    const note = `${number(best(pair.theirs.ms))} ms / ${number(best(pair.own.ms))} ms`;
    figures.push({ what: name, rounds: [ratio(pair)], unit: 'x', aim: { atLeast: aim }, note });
  }
  if (all.length === 0) {
    console.log(`  no etcd_NNN.log and no cNN-ok.txt below ${data}: those files are skipped`);
    return [];
  }
  const slowest = all.reduce((worst, pair) => (ratio(pair) < ratio(worst) ? pair : worst));
  const slower = all.filter((pair) => ratio(pair) < 1).length;
  const note = `${slower} of ${all.length} files slower; the worst is ${slowest.theirs.file.split('/').at(-1)}`;
  return [...figures, { what: 'any file', rounds: [ratio(slowest)], unit: 'x', aim: { atLeast: 1 }, note }];
}

interface Made {
  readonly name: string;
  readonly shape: Shape;
  readonly runs: number;
  readonly check: number;
  readonly process?: number;
  readonly memory?: number;
}

const MADE: readonly Made[] = [
  { name: '1k-5-1', shape: { operations: 1000, clients: 5, keys: 1, seed: 1 }, runs: RUNS, check: 1 },
  { name: '1k-14-1', shape: { operations: 1000, clients: 14, keys: 1, seed: 1 }, runs: 3, check: 500 },
  { name: '100k-50-100', shape: { operations: 100_000, clients: 50, keys: 100, seed: 1 }, runs: RUNS, check: 5 },
  { name: '100k-5-1', shape: { operations: 100_000, clients: 5, keys: 1, seed: 1 }, runs: 2, check: 500, memory: 50 },
  { name: '1M-50-100', shape: { operations: 1_000_000, clients: 50, keys: 100, seed: 1 }, runs: RUNS, check: 50, process: 8 },
];

/** Generated histories: the best check of several, and whole processes that judge the file once. */
function onGenerated(peer: string, folder: string): readonly Figure[] {
  return MADE.flatMap(({ name, shape, runs, check, process, memory }) => {
    const file = join(folder, `${name}.jsonl`);
    if (!existsSync(file)) writeFileSync(file, history(shape));
    const run1 = (command: readonly string[], n: number): Run => {
      const ended = run(command, n, [file]);
      if (ended === undefined) throw new Error('a peer failed; what it said stands above');
      return ended;
    };
    const [own, theirs] = [run1(ours, RUNS), run1([peer], runs)];
    const [ownOnce, theirsOnce] = [run1(ours, 1), run1([peer], 1)];
    const pair: Pair = { own: own.results[0] as Result, theirs: theirs.results[0] as Result };
    const what = `${number(shape.operations)} operations, ${shape.clients} clients, ${shape.keys === 1 ? 'one key' : `${shape.keys} keys`}`;
    const note = `${number(best(pair.theirs.ms))} ms (${pair.theirs.verdict}) / ${number(best(pair.own.ms))} ms (${pair.own.verdict})`;
    const figures: Figure[] = [{ what: `${what}: check`, rounds: [ratio(pair)], unit: 'x', aim: { atLeast: check }, note }];
    if (process !== undefined) {
      const both = `${number(theirsOnce.wallMs)} ms / ${number(ownOnce.wallMs)} ms`;
      figures.push({
        what: `${what}: process`,
        rounds: [theirsOnce.wallMs / ownOnce.wallMs],
        unit: 'x',
        aim: { atLeast: process },
        note: both,
      });
    }
    if (memory !== undefined) {
      const [a, b] = [(theirsOnce.results[0] as Result).rssKb, (ownOnce.results[0] as Result).rssKb];
      figures.push({
        what: `${what}: memory`,
        rounds: [a / b],
        unit: 'x',
        aim: { atLeast: memory },
        note: `${number(a / 1024)} MB / ${number(b / 1024)} MB`,
      });
    }
    return figures;
  });
}

/** Porcupine and ourselves on the same files in one run: how many times faster we are. */
export function porcupine(peer: string, data: string | undefined, folder: string): readonly Figure[] {
  mkdirSync(folder, { recursive: true });
  if (data === undefined) console.log('  no --data DIR: the recorded histories are skipped');
  return [...(data === undefined ? [] : onRecorded(peer, data)), ...onGenerated(peer, folder)];
}
