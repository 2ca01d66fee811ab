import { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';

/** The kinds of faults that a hunt may use, by the verb that makes them, in the order of `help`. Whoever is allowed one is allowed what mends it. */
export const FAULTS = ['partition', 'cut', 'delay', 'loss', 'crash', 'powerloss', 'pause', 'slow', 'skew', 'drift'] as const;
export type FaultKind = (typeof FAULTS)[number];

const NETWORK: readonly FaultKind[] = ['partition', 'cut', 'delay', 'loss'];
const CLOCKS: readonly FaultKind[] = ['skew', 'drift'];
const NODES: readonly FaultKind[] = ['crash', 'powerloss', 'pause', 'slow'];

/** Words for several at once. */
const GROUPS: Readonly<Record<string, readonly FaultKind[]>> = { all: FAULTS, none: [], network: NETWORK, nodes: NODES, clocks: CLOCKS };

/** `partition,crash`, `network`, `all`, `none`, in any case. */
export function readFaults(text: string): readonly FaultKind[] | Problem {
  const words = text
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  const known = [...FAULTS, ...Object.keys(GROUPS)];
  if (words.length === 0)
    return new Problem('no fault is named', `the faults are ${FAULTS.join(', ')}; or ${Object.keys(GROUPS).join(', ')}`);
  if (words.includes('none') && words.length > 1) return new Problem('none and other faults contradict each other', 'keep one of them');
  const chosen = new Set<FaultKind>();
  for (const word of words) {
    const kinds = GROUPS[word] ?? FAULTS.filter((kind) => kind === word);
    if (kinds.length === 0 && word !== 'none') {
      const near = didYouMean(word, known);
      return new Problem(
        `there is no fault "${clip(word)}"`,
        `${near === undefined ? '' : `did you mean ${near}? `}the faults are ${FAULTS.join(', ')}; or ${Object.keys(GROUPS).join(', ')}`,
      );
    }
    for (const kind of kinds) chosen.add(kind);
  }
  return FAULTS.filter((kind) => chosen.has(kind));
}
