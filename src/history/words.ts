import { ADD, APPEND, CAS, OTHER, READ, REMOVE, WRITE } from './columns.ts';

/** The words of recorded histories for what an operation does, keywords without their colon. */
const EFFECT_OF: ReadonlyMap<string, number> = new Map([
  ['read', READ],
  ['r', READ],
  ['get', READ],
  ['write', WRITE],
  ['w', WRITE],
  ['set', WRITE],
  ['put', WRITE],
  ['delete', WRITE],
  ['cas', CAS],
  ['append', APPEND],
  ['add', ADD],
  ['remove', REMOVE],
]);

/** Of a word that no model here knows, OTHER. */
export function effectOf(word: string): number {
  return EFFECT_OF.get(word) ?? OTHER;
}
