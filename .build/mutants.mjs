// Plants mistakes in copies of the checkers and lists those that the oracle does not see: `npm run mutants -- --file src/checkers/registers --sample 100`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { esbuild } from './options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tool = await esbuild();
if (tool === undefined) {
  process.stderr.write('mutants need a clone and its developer tools: run `npm ci` first\n');
  process.exit(2);
}
const outfile = 'node_modules/.cache/oracle/mutants.mjs';
await tool
  .build({
    entryPoints: ['test/oracle/mutants/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['esbuild', 'vitest/node'],
    logLevel: 'warning',
  })
  .catch(() => process.exit(1));
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
