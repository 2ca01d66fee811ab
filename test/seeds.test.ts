import { describe, expect, it } from 'vitest';
import { replay } from '../src/book/replay.ts';
import { openSession } from '../src/commands/index.ts';
import { content, toTheEnd, transcripts } from './harness/transcripts.ts';

/**
 * What a scenario expects is said about the system, not about one run of it: every `expect` holds with other delays, elections and losses too, and what is refused is
 * refused with every seed. Outputs differ and are not compared.
 */
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 2);

const scenarios = transcripts().filter((path) => !path.startsWith('test/transcripts/language/'));

/** Views explain and draw, and change nothing: what is expected does not need them, and a statement in their place keeps the numbers of the others. */
function withoutPictures(text: string): string {
  return text.replace(/^> (why|diagram|history|show|stats|log|state)\b.*$/gm, '> systems');
}

async function brokenWith(path: string, seed: number): Promise<readonly string[]> {
  const result = await replay(withoutPictures(content(path)), path, { open: () => openSession({ seed }), run: (job) => Promise.resolve(toTheEnd(job)) });
  return (result?.failed ?? []).map(({ step, text }) => `seed ${seed}, ${path}:${step.line}: ${text}`);
}

describe.each(scenarios)('%s', (path) => {
  it('expects nothing that depends on the seed', { timeout: 120_000 }, async () => {
    for (const seed of SEEDS) expect(await brokenWith(path, seed)).toEqual([]);
  });
});
