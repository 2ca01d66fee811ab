// Draws .github/book.svg anew: builds the program, then plays a scene of the book in a terminal and draws its screen.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { esbuild, options } from './options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const node = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
const tool = await esbuild();
if (tool === undefined) {
  process.stderr.write('the picture needs a clone and its developer tools: run `npm ci` first\n');
  process.exit(2);
}
if (node('.build/build.mjs') !== 0) process.exit(1);
const outdir = 'node_modules/.cache';
await tool
  .build({ ...options, entryPoints: ['test/harness/picture.ts'], outdir, external: ['@lydell/node-pty', '@xterm/headless'] })
  .catch(() => process.exit(1));
process.exit(node(`${outdir}/picture.js`));
