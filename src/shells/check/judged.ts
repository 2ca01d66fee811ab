import type { Figure, Finding, Recorded, Valid, Verdict } from '../../checkers/model.ts';

/** What a model says of one key, or of all of them. Operations are rows. */
export interface Part extends Finding {
  readonly key: string;
  readonly operations: number;
}

/** What one model says of a whole history. */
export interface Judged {
  readonly model: string;
  /** The types of the keys, each once. */
  readonly type: string;
  readonly valid: Valid;
  readonly parts: readonly Part[];
  readonly figures: readonly Figure[];
}

/** The verdict by keys, or as one part, by a model that judges all keys at once. */
export function judgedOf(model: string, { columns, types }: Recorded, { keys, figures = [], ...whole }: Verdict): Judged {
  const type = [...new Set(types.map(({ name }) => name))].join(', ');
  const { valid } = whole;
  const said = { model, type, valid, figures };
  if (keys !== undefined) return { ...said, parts: keys.map(({ key, ...part }) => ({ ...part, key: columns.keys[key] as string })) };
  const key = columns.keys.length === 1 ? (columns.keys[0] as string) : 'all keys';
  return { ...said, parts: [{ ...whole, key, operations: columns.count }] };
}
