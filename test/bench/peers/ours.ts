import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { modelNamed, typed } from '../../../src/checkers/index.ts';
import { linearizable } from '../../../src/checkers/linearizable.ts';
import { finish, type Recorded } from '../../../src/checkers/model.ts';
import { isProblem } from '../../../src/core/problem.ts';
import { HistoryReader } from '../../../src/history/read.ts';
import type { Result } from './run.ts';

/**
 * Ourselves as a peer: `node ours.js RUNS FILE...`, see main.ts. The time of a check is all that comes after parsing. `--full` asks for reasons too, which peers do not give; `--model NAME` for another model than
 * linearizability.
 */
const STEPS = 50_000_000;
/** Operations that are judged before anything counts, so that the compiler has seen what it has to compile, and the most rounds for it; none where a file is judged once. */
const WARM = 600_000;
const MOST_WARM = 5000;
/** Files are read as the program reads them. */
const PIECE = 1 << 20;

const args = process.argv.slice(2);
const full = args[0] === '--full';
const model = (args[0] === '--model' ? modelNamed(args[1] as string) : undefined) ?? linearizable;
const [runs, ...files] = full ? args.slice(1) : model === linearizable ? args : args.slice(2);
const rounds = Number(runs);

function read(file: string): { readonly recorded: Recorded; readonly parseMs: number } {
  const start = process.hrtime.bigint();
  const descriptor = openSync(file, 'r');
  const reader = new HistoryReader(file, undefined, fstatSync(descriptor).size);
  const piece = Buffer.allocUnsafeSlow(PIECE);
  for (let got = 1; got > 0; ) {
    got = readSync(descriptor, piece, 0, PIECE, null);
    const problem = got === 0 ? undefined : reader.push(piece.subarray(0, got));
    if (problem !== undefined) throw new Error(String(problem));
  }
  closeSync(descriptor);
  const columns = reader.finish();
  if (isProblem(columns)) throw new Error(String(columns));
  const parseMs = Number(process.hrtime.bigint() - start) / 1e6;
  const recorded = typed(columns);
  if ('strange' in recorded) throw new Error(`${file}: no type has all operations on ${recorded.strange}`);
  return { recorded, parseMs };
}

const histories = files.map((file) => ({ file, ...read(file), ms: [] as number[], verdict: '' }));
const all = histories.reduce((sum, { recorded }) => sum + recorded.columns.count, 0);
const warm = rounds > 1 ? Math.min(MOST_WARM, 3 + Math.floor(WARM / all)) : 0;
for (let round = 0; round < warm + rounds; round++) {
  for (const history of histories) {
    const start = process.hrtime.bigint();
    const recorded = typed(history.recorded.columns);
    if ('strange' in recorded) throw new Error('the type of an object does not change');
    const { valid } = finish(model.judge(recorded, { steps: STEPS, bare: !full }));
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    if (round >= warm) history.ms.push(ms);
    history.verdict = valid === true ? 'valid' : valid === false ? 'invalid' : 'undecided';
  }
}
for (const { file, recorded, parseMs, ms, verdict } of histories) {
  const result: Result = { file, operations: recorded.columns.count, verdict, parseMs, ms, rssKb: process.resourceUsage().maxRSS };
  console.log(JSON.stringify(result));
}
