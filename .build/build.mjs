// src/cli.ts and src/library -> dist/. `--sourcemap` adds maps.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { library } from './library.mjs';
import { bundledPackages, notices } from './notices.mjs';
import { esbuild, options } from './options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tool = await esbuild();
if (tool === undefined) {
  // No developer tools here, so nothing to build with, and whoever asked for that did not ask for a build.
  process.exit(0);
}

const result = await tool
  .build({
    ...options,
    entryPoints: ['src/cli.ts'],
    outdir: 'dist',
    sourcemap: process.argv.includes('--sourcemap'),
    write: false,
  })
  .catch(() => process.exit(1)); // esbuild has printed what is wrong and where; a stack of ours adds nothing

const packages = bundledPackages(result.metafile);
const lib = await library(tool);
const files = new Map(result.outputFiles.map((file) => [basename(file.path), file.contents]));
for (const [name, contents] of lib.files) files.set(name, contents);
files.set('THIRD-PARTY-NOTICES.txt', await notices(packages));

// A program that starts during a build must find a whole one: chunks carry a hash in their names and are laid down
// first, the entry that names them last and in one step, and only then does what the last build left go away.
await mkdir('dist', { recursive: true });
const entry = 'cli.js';
for (const [name, contents] of files) if (name !== entry) await put(name, contents);
await put(entry, files.get(entry));
for (const name of await readdir('dist')) {
  if (!files.has(name) && !name.includes('.new-')) await rm(join('dist', name), { recursive: true, force: true });
}

// The pack test reads from this which packages each front end loads.
await mkdir('node_modules/.cache', { recursive: true });
await writeFile('node_modules/.cache/bundle.json', JSON.stringify(result.metafile));

const total = [...files.values()].reduce((sum, contents) => sum + contents.length, 0);
console.log(`dist: ${files.size} files, ${(total / 1024).toFixed(0)} KiB, ${packages.length} packages bundled`);

async function put(name, contents) {
  const path = join('dist', name);
  const old = await readFile(path).catch(() => undefined);
  if (old?.equals(Buffer.from(contents))) return;
  const fresh = `${path}.new-${process.pid}`;
  await writeFile(fresh, contents);
  await rename(fresh, path);
}
