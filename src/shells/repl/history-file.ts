import { readState, setAside, writeState } from '../state.ts';

const FILE = 'history.json';
const LIMIT = 1000;

/** The lines in the text of a history file; undefined if it is none (it was cut in half, or somebody else's). */
function understand(text: string): readonly string[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || !('format' in json) || !('lines' in json)) return undefined;
  const { format, lines } = json;
  return format === 1 && Array.isArray(lines) && lines.every((line) => typeof line === 'string') ? lines : undefined;
}

/** The lines typed in earlier runs, oldest first, and where a damaged file was put. */
export function readHistory(): { readonly lines: readonly string[]; readonly damaged?: string } {
  const text = readState(FILE);
  if (text === undefined) return { lines: [] };
  const lines = understand(text);
  if (lines !== undefined) return { lines };
  const aside = setAside(FILE);
  return aside === undefined ? { lines: [] } : { lines: [], damaged: aside };
}

/** Adds lines to what is kept. Read anew each time, so that two prompts at once lose nothing of each other's. */
export function keepLines(lines: readonly string[]): void {
  const fresh = lines.filter((line) => line.trim() !== '' && line.length < 10_000);
  if (fresh.length === 0) return;
  const { lines: earlier } = readHistory();
  const all = [...earlier, ...fresh].filter((line, i, list) => line !== list[i - 1]).slice(-LIMIT);
  writeState(FILE, `${JSON.stringify({ format: 1, lines: all }, undefined, 1)}\n`);
}
