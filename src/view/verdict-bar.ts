import type { ModelVerdict, Verdicts } from '../session/types.ts';
import type { Line, Meaning, Span } from './block.ts';
import { lineWidth } from './line.ts';

/** What models are called where there is little room. */
const SHORT: Readonly<Record<string, string>> = {
  linearizable: 'lin',
  sequential: 'seq',
  pram: 'PRAM',
  'read-your-writes': 'RYW',
  'monotonic-reads': 'MR',
  'monotonic-writes': 'MW',
  'writes-follow-reads': 'WFR',
};
const LONG: Readonly<Record<string, string>> = { ...SHORT, linearizable: 'linearizable', sequential: 'sequential' };

const SIGN: Readonly<Record<string, readonly [sign: string, as: Meaning]>> = {
  true: ['✓', 'ok'],
  false: ['✗', 'fail'],
  undecided: ['?', 'unknown'],
};

type Entry = readonly (string | Span)[];

/**
 * Which models the history so far satisfies, in at most `rows` rows: `linearizable ✗ #4  sequential ✓  available ✗ c`. Where names are too long for that, short ones
 * stand; where those are too many, what is broken stays before what is not. Nothing before the first operation.
 */
export function verdictBar(data: Verdicts, width: number, rows: number): readonly Line[] {
  if (data.models.length === 0 && data.unavailable.length === 0) return [];
  for (const names of [LONG, SHORT]) {
    const lines = wrapped(entries(data, data.models, names), width);
    if (lines !== undefined && lines.length <= rows) return lines;
  }
  const broken = data.models.filter(({ valid }) => valid !== true);
  const most = [...broken, ...data.models.filter(({ valid }) => valid === true)];
  for (let count = most.length - 1; count >= 0; count--) {
    const kept = new Set(most.slice(0, count));
    const lines = wrapped(
      entries(
        data,
        data.models.filter((model) => kept.has(model)),
        SHORT,
      ),
      width,
    );
    if (lines !== undefined && lines.length <= rows) return lines;
  }
  return [];
}

function entries({ unavailable }: Verdicts, models: readonly ModelVerdict[], names: Readonly<Record<string, string>>): readonly Entry[] {
  const long = names === LONG;
  const judged = models.map(({ name, valid, op }): Entry => {
    const [sign, as] = SIGN[String(valid)] ?? ['?', 'unknown'];
    return [`${names[name] ?? name} `, { text: op === undefined ? sign : `${sign} #${op}`, as }];
  });
  const [sign, as] = unavailable.length === 0 ? (['✓', 'ok'] as const) : ([`✗ ${unavailable.join(' ')}`, 'fail'] as const);
  return [...judged, [`${long ? 'available' : 'avail'} `, { text: sign, as }]];
}

/** As many entries in each row as fit; undefined where one alone does not. */
function wrapped(all: readonly Entry[], width: number): readonly Line[] | undefined {
  const lines: (string | Span)[][] = [];
  for (const entry of all) {
    const last = lines.at(-1);
    if (last === undefined || lineWidth(last) + 2 + lineWidth(entry) > width) lines.push([...entry]);
    else last.push('  ', ...entry);
  }
  return lines.some((line) => lineWidth(line) > width) ? undefined : lines;
}
