import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { svg } from './svg.ts';
import { capTutor, Home, keys, root } from './term.ts';

/**
 * Draws the picture of the README from a real screen: the built program in a terminal, a block of chapter 1 run in it. Not a test; `npm run picture` runs it.
 */
const home = new Home();
const term = capTutor(['learn', 'the-proof-acted-out'], home, { cols: 128, rows: 36 });
try {
  await term.sees('type here');
  // To the exercise that follows the block, and back to the block: then both are in sight.
  while (!term.screen().includes('▸ ◆ Exercise')) {
    const before = term.screen();
    term.send(keys.down);
    await term.until((screen) => screen !== before, 'the page to move on');
  }
  term.send(keys.up);
  await term.sees('▸   use etcd');
  term.send(keys.enter);
  await term.sees('✓ expect check linearizable');
  await term.loses('Ctrl-C');
  mkdirSync(join(root, '.github'), { recursive: true });
  writeFileSync(join(root, '.github/book.svg'), svg(term.xterm, { title: 'npx cap-tutor' }));
  process.stdout.write(`${term.screen()}\n`);
} finally {
  term.kill();
  home.remove();
}
process.exit();
