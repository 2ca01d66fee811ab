import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/commands/index.ts';
import { isProblem } from '../../src/core/problem.ts';
import type { Session } from '../../src/session/session.ts';
import { render } from '../../src/view/render.ts';

/** Explanations of the real systems: whatever their rules say has its facts, and what is blamed was typed. */
const node = fc.constantFrom('a', 'b', 'c');
const line = fc.oneof(
  fc.tuple(fc.constantFrom('partition', 'crash', 'powerloss', 'pause', 'restart', 'resume'), node).map((words) => words.join(' ')),
  fc
    .tuple(node, node)
    .filter(([x, y]) => x !== y)
    .map(([x, y]) => `cut ${x} -> ${y}`),
  fc.constantFrom(
    'heal',
    'wait 300ms',
    'wait 4s',
    'wait 25s',
    'loss a b 50%',
    'slow b 900ms',
    'delay a c 3s',
    'skew b +60s',
    'drift a 0.25x',
  ),
  fc
    .tuple(fc.constantFrom('set x 1', 'set x 2', 'read x', 'cas x 1 2', 'delete x'), node, fc.boolean())
    .map(([text, at, behind]) => `${text} @${at}${behind ? ' &' : ''}`),
);

function say(session: Session, text: string): string[] {
  const statements = session.read(text);
  if (isProblem(statements)) throw new Error(statements.toString());
  return statements.flatMap((statement) => {
    const end = session.execute(statement).step(Number.POSITIVE_INFINITY);
    return end.done ? render(end.reply.blocks, { width: 2000, colour: false, ascii: false }) : [];
  });
}

describe('why, of etcd and Cassandra under random faults', () => {
  it.each(['etcd', 'cassandra', 'etcd a b c d e pre-vote=false', 'cassandra rf=2'])(
    '%s: every command has an explanation that blames only what was typed',
    (system) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 99 }), fc.array(line, { minLength: 2, maxLength: 7 }), (seed, lines) => {
          const session = openSession();
          const typed = new Map<number, string>();
          for (const text of [`use ${system} seed=${seed}`, 'set x 0', ...lines]) {
            say(session, text);
            typed.set(session.commands, text.replace(/ &$/, ''));
          }
          const { commands } = session;
          for (let n = 2; n <= commands; n++) {
            const text = say(session, `why ${n}`).join('\n');
            expect(text).not.toContain('undefined');
            expect(text).not.toContain('NaN');
            for (const [, command, rest] of text.matchAll(/command (\d+), (\S+[^\S\n]?\S?)/g))
              expect(typed.get(Number(command))).toContain(rest?.replace(/[),;:].*$/, '').trimEnd());
          }
          expect(say(session, 'diagram').length).toBeGreaterThan(1);
        }),
        { numRuns: 6 },
      );
    },
  );
});
