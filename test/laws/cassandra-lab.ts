import fc from 'fast-check';
import { EMPTY, merge, type Row } from '../../src/protocols/lww.ts';
import type { Session } from '../../src/session/session.ts';
import type { Row as ReplyRow } from '../../src/session/types.ts';
import type { LogRecord, Memory } from '../../src/systems/cassandra/memory.ts';
import { fresh, play } from '../harness/scripts.ts';

// A Cassandra cluster behind the real language and driver, and what its tests ask of it.

export const NODES = ['a', 'b', 'c'] as const;
export const anyNode = fc.constantFrom(...NODES);
const pair = fc.tuple(anyNode, anyNode).filter(([p, q]) => p !== q);

/** What breaks and mends, without power losses: with commitlog_sync=periodic those may take back what was acknowledged. */
export const anyFault = fc.oneof(
  anyNode.map((n) => `partition ${n}`),
  fc.constant('heal'),
  pair.map(([p, q]) => `cut ${p} -> ${q}`),
  anyNode.map((n) => `crash ${n}`),
  fc.constant('restart'),
  fc.tuple(anyNode, fc.constantFrom('300ms', '3s', '25s')).map(([n, t]) => `pause ${n} ${t}`),
  fc.tuple(pair, fc.constantFrom(20, 60)).map(([[p, q], share]) => `loss ${p} ${q} ${share}%`),
  fc.tuple(anyNode, fc.constantFrom('0ms', '700ms')).map(([n, t]) => `slow ${n} ${t}`),
  fc.tuple(anyNode, fc.constantFrom('+60s', '-3s', '0s')).map(([n, t]) => `skew ${n} ${t}`),
  fc.tuple(anyNode, fc.constantFrom('0.5x', '1.1x', '1x')).map(([n, t]) => `drift ${n} ${t}`),
);

export const anyWait = fc.constantFrom('wait 1ms', 'wait 900ms', 'wait 2500ms', 'wait 12s', 'wait 25s');

export function cluster(seed: number, options: string): Session {
  const session = fresh('cassandra', seed);
  play(session, `use cassandra a b c seed=${seed} ${options}`);
  return session;
}

/** Runs lines of which some may not apply (a node that is down does not crash again), and returns the rows of what they said. */
export function run(session: Session, lines: readonly string[]): ReplyRow[] {
  return lines.flatMap((line) => play(session, line).flatMap((reply) => reply.rows));
}

/** Mends every fault and waits until nothing is on its way. Clocks stay wrong: Cassandra must cope with those. */
export function mend(session: Session): void {
  run(session, ['heal', 'restart', ...NODES.flatMap((n) => [`resume ${n}`, `slow ${n} 0ms`, `drift ${n} 1x`]), 'wait', 'settle']);
}

/** What a server holds of a key, in memory or, while it is down, on its disk. */
export function held(session: Session, node: number, key: string): Row {
  const process = session.live.world.nodes[node];
  if (process?.up === true) return (process.memory as Memory).table.get(key) ?? EMPTY;
  const records = (process?.disk.records ?? []) as readonly LogRecord[];
  return records.reduce<Row>((all, record) => ('row' in record && record.key === key ? merge(all, record.row) : all), EMPTY);
}
