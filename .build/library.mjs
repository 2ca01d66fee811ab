// src/library -> dist/library.js and dist/library.d.ts, for `import { check } from 'cap-tutor'`. A bundle of its own: parts
// shared with the program would be files of their own, and each of those costs the program's start its reading.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { options } from './options.mjs';

/** The files of the library by name, and esbuild's account of them. Ends the process where the compiler finds a mistake. */
export async function library(tool) {
  const { banner: _, ...rest } = options;
  const built = await tool
    .build({ ...rest, splitting: false, entryPoints: { library: 'src/library/index.ts' }, outdir: 'dist', write: false })
    .catch(() => process.exit(1));
  const files = new Map([['library.js', built.outputFiles[0].contents]]);
  files.set('library.d.ts', await declarations());
  return { files, metafile: built.metafile };
}

/** The types of the library as one file: its public types know no other room, so two files hold all of them. */
async function declarations() {
  const outDir = await mkdtemp(join(tmpdir(), 'cap-tutor-types-'));
  try {
    const words = ['-p', '.build/library.tsconfig.json', '--outDir', outDir];
    const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...words], { encoding: 'utf8' });
    if (run.status !== 0) {
      process.stderr.write(`${run.stdout}${run.stderr}`);
      process.exit(1);
    }
    const [types, index] = await Promise.all(['types', 'index'].map((name) => readFile(join(outDir, 'library', `${name}.d.ts`), 'utf8')));
    const own = index.replace(/^(import|export) type .*from '\.\/types\.ts';\n/gm, '');
    if (/\bfrom ['"]|import\(/.test(own + types)) throw new Error('the public types of src/library must not lean on another room');
    return Buffer.from(`${types}${own}`);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
