import { didYouMean } from '../core/suggest.ts';
import type { Columns } from '../history/columns.ts';
import { columnsOf } from '../history/of-operations.ts';
import type { Operation } from '../history/operation.ts';
import { causal, causalConvergent, pram, weakCausal } from './causal.ts';
import { convergence } from './convergence.ts';
import { noLostWrite } from './elements/no-lost-write.ts';
import { setFull } from './elements/set-full.ts';
import { uniqueIds } from './elements/unique-ids.ts';
import { linearizable } from './linearizable.ts';
import { type Asked, finish, type Model, type Recorded, type Verdict } from './model.ts';
import { sequential } from './sequential.ts';
import { monotonicReads } from './sessions/monotonic-reads.ts';
import { monotonicWrites } from './sessions/monotonic-writes.ts';
import { readYourWrites } from './sessions/read-your-writes.ts';
import { writesFollowReads } from './sessions/writes-follow-reads.ts';
import { kStaleness } from './staleness/k-staleness.ts';
import { regular } from './staleness/regular.ts';
import { tStaleness } from './staleness/t-staleness.ts';
import { orStronger } from './stronger.ts';
import { serializable, strictSerializable } from './transactions/serializable.ts';
import { type DataType, inferTypes } from './types.ts';

/** A model that speaks of what one process did: where a history knows sessions, they are what it means by that. */
function bySession(model: Model): Model {
  return {
    ...model,
    judge: ({ columns, types }, asked) =>
      model.judge({ columns: columns.session === undefined ? columns : { ...columns, process: columns.session }, types }, asked),
  };
}

/** Every consistency model that `check` knows, strongest first. */
export const models: readonly Model[] = [
  ...[linearizable, bySession(sequential), strictSerializable, serializable],
  ...[causal, causalConvergent, weakCausal, pram].map(bySession).map(orStronger),
  ...[writesFollowReads, readYourWrites, monotonicReads, monotonicWrites].map(bySession).map(orStronger),
  ...[regular, kStaleness, tStaleness],
  ...[convergence, noLostWrite, setFull, uniqueIds],
];

/** The model of a name or an alias, in any case. */
export function modelNamed(name: string): Model | undefined {
  const lower = name.toLowerCase();
  return models.find((model) => model.name === lower || model.aliases.includes(lower));
}

/** The model that somebody may have meant. */
export function modelNear(name: string): string | undefined {
  return didYouMean(
    name.toLowerCase(),
    models.flatMap((model) => [model.name, ...model.aliases]),
  );
}

/** The types that the operations speak of, or the first key that no type has. */
export function typed(columns: Columns): Recorded | { readonly strange: string } {
  const types = inferTypes(columns);
  const strange = types.indexOf(undefined);
  if (strange >= 0) return { strange: columns.keys[strange] as string };
  return { columns, types: types.filter((type): type is DataType => type !== undefined) };
}

/** Why a model cannot judge a history: the first key of a type that it does not know. Undefined where it can. */
export function misfit(model: Model, { columns, types }: Recorded): { readonly key: string; readonly type: DataType } | undefined {
  const at = types.findIndex((type) => !model.judges.includes(type.name));
  const type = types[at];
  return type === undefined ? undefined : { key: columns.keys[at] as string, type };
}

/** Judges a session's own operations, in order of invocation; rows of the verdict are places in them. What the model cannot judge is undecided. */
export function judgeOperations(model: Model, operations: readonly Operation[], asked: Asked): Verdict {
  const recorded = typed(columnsOf(operations));
  if ('strange' in recorded) return { valid: 'undecided', reason: `no type of object has all operations on ${recorded.strange}` };
  const wrong = misfit(model, recorded);
  if (wrong !== undefined)
    return { valid: 'undecided', reason: `${model.name} does not judge a ${wrong.type.name}, and ${wrong.key} is one` };
  return finish(model.judge(recorded, asked));
}
