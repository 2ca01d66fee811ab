import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { typed } from '../../src/checkers/index.ts';
import { finish, type Model, type Recorded } from '../../src/checkers/model.ts';
import { isProblem } from '../../src/core/problem.ts';
import { readHistory } from '../../src/history/read.ts';
import { jsonLines, recordStore } from './causal-store.ts';
import { type Bench, cpuNs, type Figure, inTurns, median, ratios, tidy } from './measure.ts';

/** Operations that a replica may be behind: most reads of keys that are written often then find something old, and the order of calls is not the order of the versions. */
const LAG = 200;
const STEPS = 1_000_000_000;

function read(bytes: Uint8Array): Recorded {
  const columns = readHistory(bytes, 'made.jsonl');
  if (isProblem(columns)) throw new Error(`the bench reads what it wrote, and yet: ${columns.what}`);
  const recorded = typed(columns);
  if ('strange' in recorded) throw new Error('the bench writes registers');
  return recorded;
}

const made = (operations: number, sessions: number, keys: number, lag = LAG): Uint8Array =>
  jsonLines(recordStore(operations, sessions, keys, lag, 7));

/** Processor time of a judgement. */
function judging(model: Model, recorded: Recorded): number {
  tidy();
  return cpuNs(() => {
    const { valid } = finish(model.judge(recorded, { steps: STEPS }));
    if (valid !== true) throw new Error(`the store of the bench is ${model.name}, and yet it was found ${valid}`);
  });
}

function ms(times: readonly number[]): string {
  return `${Math.round(median(times) / 1e6)} ms`;
}

/** Convergence: linear in length, flat enough in sessions, and what it costs beside parsing. */
function convergence(): Figure[] {
  const bytes = { short: made(100_000, 10, 100), wide: made(100_000, 50, 100), long: made(1_000_000, 10, 1000) };
  const [short, wide, long] = [read(bytes.short), read(bytes.wide), read(bytes.long)];
  const times = inTurns(5, {
    short: () => judging(causalConvergent, short),
    weak: () => judging(weakCausal, short),
    wide: () => judging(causalConvergent, wide),
    long: () => judging(causalConvergent, long),
    parse: () => {
      tidy();
      return cpuNs(() => read(bytes.short));
    },
  });
  const note = `${ms(times.long)} to ${ms(times.short)}`;
  return [
    {
      what: 'convergence, 1,000,000 operations over 100,000',
      rounds: ratios(times.long, times.short),
      unit: 'x',
      aim: { atMost: 12 },
      note,
    },
    {
      what: 'convergence, 50 sessions over 10',
      rounds: ratios(times.wide, times.short),
      unit: 'x',
      aim: { atMost: 5 },
      note: ms(times.wide),
    },
    { what: 'convergence over parsing, 10 sessions', rounds: ratios(times.short, times.parse), unit: 'x', note: ms(times.parse) },
    { what: 'weak causality over convergence', rounds: ratios(times.weak, times.short), unit: 'x' },
  ];
}

/** Views are made process by process, of all writes: their cost is that of convergence times the number of sessions, and not more. */
function views(): Figure[] {
  const [short, long] = [read(made(20_000, 10, 100, 0)), read(made(100_000, 10, 100, 0))];
  const times = inTurns(5, {
    causal: () => judging(causal, short),
    causalLong: () => judging(causal, long),
    pram: () => judging(pram, short),
    pramLong: () => judging(pram, long),
  });
  return [
    {
      what: 'causal memory, 100,000 operations over 20,000',
      rounds: ratios(times.causalLong, times.causal),
      unit: 'x',
      aim: { atMost: 8 },
      note: ms(times.causalLong),
    },
    {
      what: 'PRAM, 100,000 operations over 20,000',
      rounds: ratios(times.pramLong, times.pram),
      unit: 'x',
      aim: { atMost: 8 },
      note: ms(times.pramLong),
    },
  ];
}

export const causality: Bench = {
  name: 'causal',
  title: 'Causal models (processor time; a store with a replica for each session)',
  run: () => [...convergence(), ...views()],
};
