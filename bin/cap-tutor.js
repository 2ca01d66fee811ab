#!/usr/bin/env node
// Starts the program; nothing else. Plain JavaScript, and old syntax, so that an old Node gets a sentence instead of a syntax error.
import { existsSync, readFileSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const stop = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
};

// Answered here, before anything is loaded: scripts ask for it often, and it must work in a clone that is not built.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  if (major < 20 || (major === 20 && minor < 12)) {
    stop(`cap-tutor needs Node.js 20.12 or newer; this is ${process.version}`);
  }
  // chalk, and so Ink and marked-terminal, decide about colour when they are imported, and do not look at NO_COLOR.
  if (process.env.NO_COLOR && process.env.FORCE_COLOR === undefined) process.env.FORCE_COLOR = '0';
  const built = new URL('../dist/cli.js', import.meta.url);
  if (!existsSync(built)) {
    stop('cap-tutor is not built yet: run `npm ci` (or `npm run build`) in its folder first');
  }
  await import(built.href);
}
