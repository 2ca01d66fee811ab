import type { Op, Proc } from '../../core/ids.ts';
import { isEmpty, purge, type Row } from '../../protocols/lww.ts';
import { leafOf, MerkleTree } from '../../protocols/merkle.ts';
import type { Stream } from './messages.ts';
import { type Ask, type Env, type Memory, type RepairWork, T_REPAIR } from './memory.ts';
import { apply } from './storage.ts';
import { rule } from './rules.ts';

/** A repair that hears nothing for so long gives up, some time after the failure detector would have spoken. */
const REPAIR_US = 30_000_000;

/**
 * Anti-entropy (`nodetool repair --full`): each node builds a Merkle tree for each range it shares with the others, the coordinator compares them pair by pair,
 * and pairs that differ exchange the rows of the leaves that differ.
 */
export function onRepair(_env: Env, m: Memory, ask: Ask, op: Op, nodes: readonly Proc[]): void {
  const dead = nodes.filter((p) => !m.peers.isUp(p));
  if (dead.length > 0) {
    fail(ask, op, dead, 'Cannot proceed on repair because a neighbor is dead: session failed');
    return;
  }
  const work: RepairWork = { kind: 'repair', id: m.nextWork++, op, nodes, trees: new Map(), syncs: 0, leaves: 0, rows: 0 };
  m.works.set(work.id, work);
  ask.timer(T_REPAIR, work.id, REPAIR_US, REPAIR_US);
  for (const node of nodes) ask.send(node, { kind: 'validate', id: work.id, nodes });
  if (ask.tracing) ask.awaits(op, { need: nodes.length, of: nodes, have: [], what: 'Merkle trees' });
}

function fail(ask: Ask, op: Op, missing: readonly Proc[], error: string): void {
  if (ask.tracing) ask.because(rule.repairFailed, { missing });
  ask.reply(op, { kind: 'result', status: 'fail', error: `Repair failed: ${error}` });
}

/** Validation: the trees of the ranges for which this node and another of `nodes` are replicas. Tombstones that compaction may drop are left out. */
export function onValidate(env: Env, m: Memory, ask: Ask, from: Proc, id: number, nodes: readonly Proc[]): void {
  const { ring, gcGraceUs } = env.config;
  const beforeUs = env.clockUs() - gcGraceUs;
  const trees = new Map<number, MerkleTree>();
  for (let range = 0; range < ring.size; range++) {
    const replicas = ring.replicasOfRange(range);
    if (replicas.includes(env.self) && replicas.some((p) => p !== env.self && nodes.includes(p))) trees.set(range, new MerkleTree());
  }
  for (const [key, row] of m.table.map) {
    const kept = purge(row, beforeUs);
    if (!isEmpty(kept)) trees.get(ring.rangeOf(key))?.add(key, kept);
  }
  for (const tree of trees.values()) tree.seal();
  ask.send(from, { kind: 'trees', id, trees });
}

export function onTrees(env: Env, m: Memory, ask: Ask, from: Proc, id: number, trees: ReadonlyMap<number, MerkleTree>): void {
  const work = m.works.get(id);
  if (work === undefined || work.kind !== 'repair') return;
  work.trees.set(from, trees);
  if (ask.tracing) ask.awaits(work.op, { need: work.nodes.length, of: work.nodes, have: [...work.trees.keys()], what: 'Merkle trees' });
  if (work.trees.size < work.nodes.length) return;
  for (let range = 0; range < env.config.ring.size; range++) compareRange(env, ask, work, range);
  if (work.syncs === 0) end(m, ask, work);
  else ask.timer(T_REPAIR, work.id, REPAIR_US, REPAIR_US);
}

function compareRange(env: Env, ask: Ask, work: RepairWork, range: number): void {
  const replicas = env.config.ring.replicasOfRange(range).filter((p) => work.nodes.includes(p));
  for (let i = 0; i < replicas.length; i++) {
    for (let j = i + 1; j < replicas.length; j++) {
      const a = replicas[i] as Proc;
      const b = replicas[j] as Proc;
      const one = work.trees.get(a)?.get(range);
      const other = work.trees.get(b)?.get(range);
      if (one === undefined || other === undefined) continue;
      const leaves = one.differingLeaves(other);
      if (leaves.length === 0) continue;
      if (ask.tracing) ask.because(rule.treesDiffer, { a, b, leaves: leaves.length });
      work.syncs++;
      work.leaves += leaves.length;
      ask.send(a, { kind: 'sync', id: work.id, peer: b, range, leaves });
    }
  }
}

/** Streams this node's rows of the leaves to the peer, which answers with its own. */
export function onSync(env: Env, m: Memory, ask: Ask, coordinator: Proc, message: { id: number; peer: Proc; range: number; leaves: readonly number[] }): void {
  const { id, peer, range, leaves } = message;
  stream(env, m, ask, peer, { kind: 'stream', id, coordinator, range, leaves, rows: [], back: false, sent: 0 });
}

function stream(env: Env, m: Memory, ask: Ask, to: Proc, shape: Stream): void {
  const beforeUs = env.clockUs() - env.config.gcGraceUs;
  const rows: [string, Row][] = [];
  for (const [key, row] of m.table.map) {
    if (env.config.ring.rangeOf(key) !== shape.range || !shape.leaves.includes(leafOf(key))) continue;
    const kept = purge(row, beforeUs);
    if (!isEmpty(kept)) rows.push([key, kept]);
  }
  if (ask.tracing) ask.because(rule.streamed, { from: env.self, rows: rows.length, to });
  ask.send(to, { ...shape, rows, sent: shape.sent + rows.length });
}

export function onStream(env: Env, m: Memory, ask: Ask, from: Proc, message: Stream): void {
  // What the peer is to get back is read before its rows come in: it has those.
  if (!message.back) stream(env, m, ask, from, { ...message, back: true });
  for (const [key, row] of message.rows) apply(env, m, ask, key, row, { kind: 'row', key, row });
  if (message.back) ask.send(message.coordinator, { kind: 'synced', id: message.id, rows: message.sent });
}

export function onSynced(m: Memory, ask: Ask, id: number, rows: number): void {
  const work = m.works.get(id);
  if (work === undefined || work.kind !== 'repair') return;
  work.syncs--;
  work.rows += rows;
  if (work.syncs === 0) end(m, ask, work);
}

function end(m: Memory, ask: Ask, work: RepairWork): void {
  m.works.delete(work.id);
  ask.cancel(T_REPAIR, work.id);
  const note = work.leaves === 0 ? 'nothing differed' : `${work.rows} row${work.rows === 1 ? '' : 's'} streamed`;
  ask.reply(work.op, { kind: 'result', status: 'ok', note });
}

export function onRepairTimer(m: Memory, ask: Ask, work: RepairWork): void {
  m.works.delete(work.id);
  fail(ask, work.op, work.nodes.filter((p) => !work.trees.has(p)), 'session timed out, some ranges may be repaired');
}
