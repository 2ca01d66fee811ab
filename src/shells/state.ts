import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { writeWhole } from './write-file.ts';

/**
 * What the program remembers from run to run, in the platform's folder for state: on Linux `$XDG_STATE_HOME/cap-tutor` (`~/.local/state`), on macOS and
 * Windows, which have no such place, with the application's data.
 */
export function stateFile(name: string): string {
  const paths = envPaths('cap-tutor', { suffix: '' });
  return join(process.platform === 'darwin' || process.platform === 'win32' ? paths.data : paths.log, name);
}

/** What a file of state held: a value, nothing yet, or something damaged, which then was set aside under the name given. */
export type Kept<T> = { readonly value: T } | { readonly value: undefined; readonly setAside?: string };

/**
 * Reads a JSON file of state. `understand` turns it into a value, or says undefined if it is none; then, or if it is no JSON (it was cut in half), the file is renamed
 * and never overwritten, so that nothing is lost. A file that cannot be read at all counts as none.
 */
export function readState<T>(name: string, understand: (json: unknown) => T | undefined): Kept<T> {
  const path = stateFile(name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { value: undefined };
  }
  const value = parsed(text, understand);
  if (value !== undefined) return { value };
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[^0-9]/g, '').slice(0, 14)}`;
  try {
    renameSync(path, aside);
    return { value: undefined, setAside: aside };
  } catch {
    return { value: undefined };
  }
}

function parsed<T>(text: string, understand: (json: unknown) => T | undefined): T | undefined {
  try {
    return understand(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Writes a JSON file of state in one step. False: it could not be kept, which must not keep anybody from working. */
export function writeState(name: string, value: unknown): boolean {
  const path = stateFile(name);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeWhole(path, `${JSON.stringify(value, undefined, 1)}\n`);
    return true;
  } catch {
    return false;
  }
}
