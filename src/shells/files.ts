import { writeFileSync } from 'node:fs';
import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Files } from '../session/types.ts';
import { reasonOf } from './output.ts';
import { readText } from './text-file.ts';

/** The file system, for `save` and `load` of somebody who types or runs a script. Chapters get none. */
export const diskFiles: Files = {
  read: readText,
  write(path, text) {
    try {
      writeFileSync(path, text);
      return undefined;
    } catch (error) {
      return new Problem(`${clip(path, 200)}: cannot be written: ${reasonOf(error)}`, 'choose another place');
    }
  },
};
