import fc from 'fast-check';
import { openSession } from '../../src/commands/index.ts';
import { isProblem } from '../../src/core/problem.ts';
import type { Session } from '../../src/session/session.ts';
import type { Reply } from '../../src/session/types.ts';
import { systems } from '../../src/systems/index.ts';
import { render } from '../../src/view/render.ts';

/** Runs one line to its end and returns its replies; throws where the line cannot be read, which is a mistake of the test. */
export function play(session: Session, line: string): readonly Reply[] {
  const statements = session.read(line);
  if (isProblem(statements)) throw new Error(`${line}: ${statements.toString()}`);
  return statements.map((statement) => {
    const job = session.execute(statement);
    for (;;) {
      const step = job.step(50_000);
      if (step.done) return step.reply;
    }
  });
}

/** Everything a reader would see of a run, as text. */
export function transcript(session: Session, lines: readonly string[]): string {
  return lines.map((line) => play(session, line).map(textOf).join('\n')).join('\n');
}

export function textOf(reply: Reply): string {
  const lines = render(reply.blocks, { width: 80, colour: false, ascii: false });
  return [`> ${reply.statement.text}`, ...lines, ...(reply.problem === undefined ? [] : [`✗ ${reply.problem.toString()}`])].join('\n');
}

/** The state of a session as text: what `state` and `log` say of every node, and the rows of all operations so far. */
export function fingerprint(session: Session): string {
  const branch = session.fork();
  return `${transcript(branch, ['state', 'show'])}\n${JSON.stringify([...session.live.rows.map.values()])}\n${session.client}`;
}

const NODES = ['a', 'b', 'c'] as const;
const node = fc.constantFrom(...NODES);
const key = fc.constantFrom('x', 'y');
const value = fc.integer({ min: 0, max: 9 }).map((n) => `v${n}`);
const pair = fc.tuple(node, node).filter(([p, q]) => p !== q);
const background = fc.constantFrom('', '', '', ' &');
const place = fc.oneof({ weight: 1, arbitrary: fc.constant('') }, { weight: 1, arbitrary: node.map((n) => `@${n}`) });
const shortTime = fc.constantFrom('1ms', '150ms', '900ms', '2500ms', '9s');

/** A line that reads or writes. */
export const operationLine = fc.oneof(
  fc.tuple(key, place, value, background).map(([k, p, v, b]) => `set ${k}${p} ${v}${b}`),
  fc.tuple(key, place, background).map(([k, p, b]) => `read ${k}${p}${b}`),
  fc.tuple(key, place, background).map(([k, p, b]) => `delete ${k}${p}${b}`),
  fc.tuple(key, value, value, place, background).map(([k, v, w, p, b]) => `cas ${k}${p} ${v} ${w}${b}`),
);

/** A line that breaks something or mends it. */
export const faultLine = fc.oneof(
  node.map((n) => `partition ${n}`),
  fc.constant('heal'),
  pair.map(([p, q]) => `cut ${p} -> ${q}`),
  pair.map(([p, q]) => `heal ${p} ${q}`),
  node.map((n) => `crash ${n}`),
  node.map((n) => `powerloss ${n}`),
  fc.constant('restart'),
  fc.tuple(node, shortTime).map(([n, t]) => `pause ${n} ${t}`),
  fc.constant('resume'),
  fc.tuple(pair, fc.integer({ min: 0, max: 60 })).map(([[p, q], share]) => `loss ${p} ${q} ${share}%`),
  fc.tuple(pair, fc.constantFrom('1ms', '30ms', '400ms')).map(([[p, q], t]) => `delay ${p} ${q} ${t}`),
  fc.tuple(node, fc.constantFrom('0ms', '20ms', '700ms')).map(([n, t]) => `slow ${n} ${t}`),
  fc.tuple(node, fc.constantFrom('+60s', '-3s', '0s')).map(([n, t]) => `skew ${n} ${t}`),
  fc.tuple(node, fc.constantFrom('0.5x', '1.1x', '1x')).map(([n, t]) => `drift ${n} ${t}`),
);

export const timeLine = fc.oneof(
  shortTime.map((t) => `wait ${t}`),
  fc.constant('wait'),
);
export const clientLine = fc.constantFrom('as alice@b', 'as you', 'bob@c: read x', 'alice@a: set y z');

/** A random run on three nodes: clients read and write while things break and mend. */
export const script = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: operationLine },
    { weight: 3, arbitrary: faultLine },
    { weight: 2, arbitrary: timeLine },
    { weight: 1, arbitrary: clientLine },
  ),
  { minLength: 1, maxLength: 14 },
);

export const anySystem = fc.constantFrom(...systems.map((system) => system.name));
export const anySeed = fc.integer({ min: 0, max: 100_000 });

export function fresh(system: string, seed: number): Session {
  return openSession({ system, seed });
}
