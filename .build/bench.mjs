// Bundles test/bench as the product is bundled, and runs it: `npm run bench -- words for it`.
// Small programs that the bench starts by themselves lie in test/bench/programs and come out beside it under
// programs/, so that `new URL("./programs/name.js", import.meta.url)` finds them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuild, options } from './options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tool = await esbuild();
if (tool === undefined || !existsSync('test/bench/main.ts')) {
  process.stderr.write('the bench needs a clone and its developer tools: run `npm ci` first\n');
  process.exit(2);
}
const programs = existsSync('test/bench/programs') ? readdirSync('test/bench/programs') : [];
const outdir = 'node_modules/.cache/bench';
await tool
  .build({
    ...options,
    entryPoints: ['test/bench/main.ts', ...programs.map((name) => `test/bench/programs/${name}`)],
    outbase: 'test/bench',
    outdir,
    external: ['@lydell/node-pty', '@xterm/headless'], // native code, and CommonJS that is found by its own path
  })
  .catch(() => process.exit(1));

const run = spawnSync(process.execPath, ['--expose-gc', `${outdir}/main.js`, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
