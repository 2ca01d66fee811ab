import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { reasonOf } from './output.ts';
import { writeWhole } from './write-file.ts';

/**
 * What the program remembers from run to run, in the platform's folder for state: on Linux `$XDG_STATE_HOME/cap-tutor` (`~/.local/state`), on macOS and
 * Windows, which have no such place, with the application's data.
 */
export function stateFile(name: string): string {
  const paths = envPaths('cap-tutor', { suffix: '' });
  return join(process.platform === 'darwin' || process.platform === 'win32' ? paths.data : paths.log, name);
}

/** The text of a file of state; undefined if there is none yet, or none that can be read. */
export function readState(name: string): string | undefined {
  try {
    return readFileSync(stateFile(name), 'utf8');
  } catch (error) {
    reasonOf(error);
    return undefined;
  }
}

/** Puts a damaged file under another name, which it returns, so that nothing is lost when a new one is begun. Undefined: it could not be moved. */
export function setAside(name: string): string | undefined {
  const path = stateFile(name);
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[^0-9]/g, '')}`;
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    reasonOf(error);
    return undefined;
  }
}

/** Writes a file of state in one step. False: it could not be kept, which must not keep anybody from working. */
export function writeState(name: string, text: string): boolean {
  const path = stateFile(name);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeWhole(path, text);
    return true;
  } catch (error) {
    // Only for what the system refuses: a mistake of ours must not hide here.
    reasonOf(error);
    return false;
  }
}
