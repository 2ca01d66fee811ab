import type { History, Op } from '../history.ts';
import { explainsLinearizable, explainsSequential, linearizable, sequential } from './orders.ts';

/** What a model means, told by its definition alone. */
export interface Definition {
  /** The name of the model. */
  readonly name: string;
  /** Whether a history satisfies it. */
  valid(history: History): boolean;
  /** Whether keys are judged one by one, each by `valid` on its own operations. */
  readonly byKey: boolean;
  /** Whether an order of operations explains a history. */
  explains?(history: History, order: readonly Op[]): boolean;
  /** The figures that the model measures, by name. */
  figures?(history: History): ReadonlyMap<string, number>;
}

export const definitions: readonly Definition[] = [
  { name: 'linearizable', valid: linearizable, byKey: true, explains: explainsLinearizable },
  { name: 'sequential', valid: sequential, byKey: false, explains: explainsSequential },
];

export const definitionOf = (name: string): Definition | undefined => definitions.find((one) => one.name === name);
