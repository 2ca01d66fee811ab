// Bundles test/oracle and holds every checker to its definition: `npm run oracle -- --runs 1000000 --model linearizable --seed 1`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { esbuild } from './options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tool = await esbuild();
if (tool === undefined) {
  process.stderr.write('the oracle needs a clone and its developer tools: run `npm ci` first\n');
  process.exit(2);
}
const outfile = 'node_modules/.cache/oracle/main.mjs';
await tool
  .build({
    entryPoints: ['test/oracle/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  .catch(() => process.exit(1));
const run = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
