import { ACQUIRE, ADD, APPEND, CAS, DEQUEUE, ENQUEUE, GENERATE, OTHER, READ, RELEASE, REMOVE, TXN, WRITE } from './columns.ts';

/** The words of recorded histories for what an operation does, keywords without their colon. */
const EFFECT_OF: ReadonlyMap<string, number> = new Map([
  ...['read', 'r', 'get'].map((word) => [word, READ] as const),
  ...['write', 'w', 'set', 'put', 'delete'].map((word) => [word, WRITE] as const),
  ['cas', CAS],
  ['append', APPEND],
  ...['add', 'inc', 'incr', 'increment', 'dec', 'decr', 'decrement'].map((word) => [word, ADD] as const),
  ['remove', REMOVE],
  ['enqueue', ENQUEUE],
  ['dequeue', DEQUEUE],
  ...['acquire', 'lock'].map((word) => [word, ACQUIRE] as const),
  ...['release', 'unlock'].map((word) => [word, RELEASE] as const),
  ['generate', GENERATE],
  ...['txn', 'transaction'].map((word) => [word, TXN] as const),
]);

/** Of a word that no model here knows, OTHER. */
export function effectOf(word: string): number {
  return EFFECT_OF.get(word) ?? OTHER;
}

/** Of the words of counters, by how much one without a number counts: 1 or -1. 0 for every other word. */
export function countOf(word: string): number {
  return word.startsWith('dec') ? -1 : word.startsWith('inc') ? 1 : 0;
}

/** Words of micro-operations in transactions; undefined for all others. */
export function microOf(word: string): number | undefined {
  const effect = EFFECT_OF.get(word);
  return effect === READ || effect === WRITE || effect === APPEND ? effect : undefined;
}

/** Whether the value of an ok operation of this effect is what its completion says. */
export function answers(effect: number): boolean {
  return effect === READ || effect === DEQUEUE || effect === GENERATE || effect === ACQUIRE;
}

/** Whether the value of an operation is one value as it stands, whatever the word for the operation is. */
export function isPlain(word: string): boolean {
  const effect = effectOf(word);
  return effect !== OTHER && effect !== TXN && countOf(word) === 0 && word !== 'delete';
}
