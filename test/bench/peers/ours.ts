import { modelNamed, typed } from '../../../src/checkers/index.ts';
import { linearizable } from '../../../src/checkers/linearizable.ts';
import { finish, type Recorded } from '../../../src/checkers/model.ts';
import { isProblem } from '../../../src/core/problem.ts';
import { readInput } from '../../../src/shells/check/input.ts';
import type { Result } from './run.ts';

/**
 * Ourselves as a peer: `node ours.js RUNS FILE...`, see main.ts. The time of a check is all that comes after parsing. `--full` asks for reasons too, which peers do not give; `--model NAME` for another model than
 * linearizability.
 */
const STEPS = 50_000_000;
/** Operations that are judged before anything counts, so that the compiler has seen what it has to compile, and the most rounds for it; none where a file is judged once. */
const WARM = 600_000;
const MOST_WARM = 5000;

const args = process.argv.slice(2);
const full = args[0] === '--full';
const model = (args[0] === '--model' ? modelNamed(args[1] as string) : undefined) ?? linearizable;
const [runs, ...files] = full ? args.slice(1) : model === linearizable ? args : args.slice(2);
const rounds = Number(runs);

/** Reads a file as the program does. */
async function read(file: string): Promise<{ readonly recorded: Recorded; readonly parseMs: number }> {
  const start = process.hrtime.bigint();
  const columns = await readInput(file, undefined, () => {});
  if (isProblem(columns)) throw new Error(String(columns));
  const parseMs = Number(process.hrtime.bigint() - start) / 1e6;
  const recorded = typed(columns);
  if ('strange' in recorded) throw new Error(`${file}: no type has all operations on ${recorded.strange}`);
  return { recorded, parseMs };
}

const histories: ({ readonly file: string; readonly ms: number[]; verdict: string } & Awaited<ReturnType<typeof read>>)[] = [];
for (const file of files) histories.push({ file, ...(await read(file)), ms: [], verdict: '' });
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
