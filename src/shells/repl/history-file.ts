import { readState, writeState } from '../state.ts';

const FILE = 'history.json';
const LIMIT = 1000;

interface Kept {
  readonly format: 1;
  readonly lines: readonly string[];
}

function understand(json: unknown): Kept | undefined {
  if (typeof json !== 'object' || json === null || !('format' in json) || !('lines' in json)) return undefined;
  const { format, lines } = json;
  if (format !== 1 || !Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) return undefined;
  return { format, lines };
}

/** The lines typed in earlier runs, oldest first, and where a damaged file was put. */
export function readHistory(): { readonly lines: readonly string[]; readonly setAside?: string } {
  const kept = readState(FILE, understand);
  if (kept.value !== undefined) return { lines: kept.value.lines };
  return kept.setAside === undefined ? { lines: [] } : { lines: [], setAside: kept.setAside };
}

/** Adds lines to what is kept. Read anew each time, so that two prompts at once lose nothing of each other's. */
export function keepLines(lines: readonly string[]): void {
  const fresh = lines.filter((line) => line.trim() !== '' && line.length < 10_000);
  if (fresh.length === 0) return;
  const { lines: earlier } = readHistory();
  const all = [...earlier, ...fresh].filter((line, i, list) => line !== list[i - 1]).slice(-LIMIT);
  writeState(FILE, { format: 1, lines: all } satisfies Kept);
}
