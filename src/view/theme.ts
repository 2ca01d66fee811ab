import type { Meaning } from './block.ts';

/**
 * The one palette: SGR parameters for each meaning, from the sixteen colours that every terminal lets its user choose. Red is only for
 * what was refused or lost; a word or a symbol always says the same.
 */
const SGR: Readonly<Record<Meaning, string>> = {
  ok: '32',
  fail: '31',
  unknown: '33',
  stale: '35',
  leader: '1;36',
  cut: '33',
  lost: '31',
  down: '2',
  key: '36',
  value: '1',
  node: '36',
  dim: '2',
  strong: '1',
  accent: '1;34',
  heading: '1',
  error: '31',
  added: '32',
  removed: '31',
  command: '36',
};

/** A text in the colour of its meaning, back to plain behind it. */
export function paint(text: string, as: Meaning): string {
  return `\u001b[${SGR[as]}m${text}\u001b[0m`;
}
