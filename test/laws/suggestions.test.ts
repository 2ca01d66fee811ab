import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import type { Row } from '../../src/session/types.ts';
import { anySeed, anySystem, faultLine, fresh, operationLine, play, textOf, timeLine } from '../harness/scripts.ts';

// `why` ends with what would change the outcome. Whoever types one of these suggestions, before the operation or in its place, must see it end better.

const prefix = fc.array(
  fc.oneof({ weight: 3, arbitrary: operationLine }, { weight: 3, arbitrary: faultLine }, { weight: 1, arbitrary: timeLine }),
  { maxLength: 6 },
);
const foreground = operationLine.filter((line) => !line.endsWith('&'));

function last(session: Session, line: string): Row | undefined {
  return play(session, line).at(-1)?.rows.at(-1);
}

/** The suggestions as a reader sees them, without their caveats. */
function suggestions(text: string): readonly string[] {
  const told = text.replaceAll('\n  ', ' ').split('What would change it: ')[1];
  return told === undefined ? [] : (told.split('\n')[0] ?? '').split(' · ').map((one) => one.replace(/ \([^)]*\)$/, '').trim());
}

function replay(system: string, seed: number, lines: readonly string[]): Session {
  const session = fresh(system, seed);
  for (const line of lines) play(session, line);
  return session;
}

describe('what would change the outcome', () => {
  it('does change it', () => {
    let tried = 0;
    fc.assert(
      fc.property(anySystem, anySeed, prefix, foreground, (system, seed, lines, operation) => {
        const session = replay(system, seed, lines);
        const row = last(session, operation);
        if (row === undefined || row.outcome === 'invalid' || (row.outcome === 'ok' && row.stale !== true)) return;
        const verb = operation.split(/[ @]/)[0] ?? '';
        for (const one of suggestions(play(session, 'why').map(textOf).join('\n'))) {
          const branch = replay(system, seed, lines);
          const instead = one.startsWith(`${verb} `) || one.startsWith(`${verb}@`);
          if (!instead) play(branch, one);
          const after = last(branch, instead ? one : operation);
          expect([one, after?.outcome, after?.stale ?? false]).toEqual([one, 'ok', false]);
          tried++;
        }
      }),
      { numRuns: 400 },
    );
    // A law over no suggestions would prove nothing.
    expect(tried).toBeGreaterThan(15);
  });
});
