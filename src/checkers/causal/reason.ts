import { unreachable } from '../../core/unreachable.ts';
import { CAS, type Columns } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { INITIAL } from '../reads-from.ts';
import type { Because, Check, Demanded } from './checks.ts';
import { NONE } from './members.ts';
import { searched } from './search.ts';
import { pick } from './shrink.ts';

/** What the witness alone is refuted by may be longer in coming than what showed the whole history wrong, but not by much. */
const STEPS = 1_000_000;

/** One sentence about a witness. Where several mappings had to be refuted, it speaks of the last one and says so. */
export function reasonFor(columns: Columns, witness: readonly number[], check: Check): string {
  const part = pick(columns, witness);
  const { last, refuted, outcome } = searched(part, check, STEPS);
  if (last === undefined) {
    if (outcome !== 'out') throw new Error('a witness must be wrong by itself');
    return `no order of ${part.count} operations, of which #${part.id[0]} is the first, fits what they read`;
  }
  const says = sentence(part, last.because);
  return refuted > 1 ? `whichever of the equal writes was read, no causal order fits; in one case, ${says}` : says;
}

function sentence(columns: Columns, because: Because): string {
  const id = (row: number): string => `#${columns.id[row]}`;
  switch (because.kind) {
    case 'thin-air':
      return `${id(because.read)} ${found(columns, because.read)}, which nobody had written`;
    case 'circle':
      return columns.process[because.read] === columns.process[because.source] && because.source > because.read
        ? `${id(because.read)} ${found(columns, because.read)}, which its own process wrote only later, in ${id(because.source)}`
        : `${id(because.read)} ${found(columns, because.read)} from ${id(because.source)}, which itself comes causally after ${id(because.read)}`;
    case 'overlooked': {
      const { read, source, write } = because;
      const newer = `${id(write)}, which ${wrote(columns, write)}`;
      if (source === INITIAL) return `${id(read)} ${found(columns, read)} although it comes causally after ${newer}`;
      return `${id(read)} ${found(columns, read)} from ${id(source)} although it comes causally after ${newer} and follows ${id(source)}`;
    }
    case 'beginning': {
      const { read, write } = because;
      return `${id(read)} ${found(columns, read)} although its process must have seen ${id(write)} before, which ${wrote(columns, write)}`;
    }
    case 'orders': {
      const { process, orders } = because;
      const who =
        process === undefined
          ? 'no order of the writes is the same for all'
          : `no order of the writes fits what process ${columns.texts.text(process) ?? 'nil'} saw`;
      return `${who}: ${orders.map((order) => needs(columns, order)).join(', and ')}`;
    }
    default:
      return unreachable(because);
  }
}

function needs(columns: Columns, { from, to, by }: Demanded): string {
  const [a, b] = [`#${columns.id[from]}`, `#${columns.id[to]}`];
  if (by !== NONE) return `#${columns.id[by]} needs ${a} before ${b}`;
  return columns.process[from] === columns.process[to] ? `${a} came before ${b} in its process` : `${b} read from ${a}`;
}

function found(columns: Columns, row: number): string {
  const compared = columns.effect[row] === CAS;
  const code = (compared ? columns.expected[row] : columns.value[row]) as number;
  const what = code === NOTHING ? 'no value' : columns.texts.text(code);
  return compared ? `compared with ${what}` : `read ${what}`;
}

function wrote(columns: Columns, row: number): string {
  const code = columns.value[row] as number;
  return code === NOTHING ? 'deleted it' : `wrote ${columns.texts.text(code)}`;
}
