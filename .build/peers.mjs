// Bundles test/bench/peers as the product is bundled, and runs it: `npm run bench:peers -- --peer BIN --data DIR`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuild, options } from './options.mjs';

const asked = process.cwd();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tool = await esbuild();
if (tool === undefined || !existsSync('test/bench/peers/main.ts')) {
  process.stderr.write('the bench needs a clone and its developer tools: run `npm ci` first\n');
  process.exit(2);
}
const outdir = 'node_modules/.cache/peers';
await tool
  .build({ ...options, entryPoints: ['test/bench/peers/main.ts', 'test/bench/peers/ours.ts'], outbase: 'test/bench/peers', outdir })
  .catch(() => process.exit(1));

const main = fileURLToPath(new URL(`../${outdir}/main.js`, import.meta.url));
const run = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit', cwd: process.env.INIT_CWD ?? asked });
process.exit(run.status ?? 1);
