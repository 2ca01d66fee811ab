import { APPEND, type Columns } from '../history/columns.ts';
import type { KeyFinding } from './model.ts';
import type { DataType } from './types.ts';

/**
 * The keys of a history that are no plain registers, since something was appended to a text: what a read then shows is rarely what one
 * operation wrote, so models that ask which write a read read from leave them undecided.
 */
export function textKeys({ count, effect, key, keys }: Columns, types: readonly DataType[]): Uint8Array {
  const grows = new Uint8Array(keys.length);
  if (types.some((type) => type.texts))
    for (let i = 0; i < count; i++) if (effect[i] === APPEND && types[key[i] as number]?.texts === true) grows[key[i] as number] = 1;
  return grows;
}

export const TEXTS: Pick<KeyFinding, 'valid' | 'reason'> = {
  valid: 'undecided',
  reason: 'texts were appended to, so a read does not tell which write it read from',
};
