// Runs the tests with UPDATE=1, in which transcripts are recorded anew: only their outputs, never their expectations.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const node = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, UPDATE: '1' } });
const build = node('.build/build.mjs');
if (build.status !== 0) process.exit(build.status ?? 1);
const words = process.argv.slice(2);
const tests = node('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...words);
process.exit(tests.status ?? 1);
