import type { Op, Proc } from '../../core/ids.ts';
import { isEmpty, purge, type Row } from '../../protocols/lww.ts';
import { leafOf, MerkleTree } from '../../protocols/merkle.ts';
import { type Ask, type Env, type Memory, type RepairWork, T_REPAIR } from './memory.ts';
import type { Stream } from './messages.ts';
import { rule } from './rules.ts';
import { apply } from './storage.ts';

/** What is not answered is asked again, and after so many rounds the session fails. */
const RETRY_US = 2_000_000;
const RETRIES = 15;
/** Who runs a repair has looked whether the nodes are up: a neighbour that has only just come back may take a few rounds to be seen. */
const DEAD_RETRIES = 3;

/**
 * Anti-entropy (`nodetool repair --full`): each node builds a Merkle tree for each range it shares with the others, the coordinator compares them pair by pair,
 * and pairs that differ exchange the rows of the leaves that differ.
 */
export function onRepair(_env: Env, m: Memory, ask: Ask, op: Op, nodes: readonly Proc[]): void {
  const work: RepairWork = { kind: 'repair', id: m.nextWork++, op, nodes, trees: new Map(), syncs: [], left: 0, rows: 0, rounds: 0 };
  m.works.set(work.id, work);
  round(m, ask, work);
}

/** Sends, or sends again, what has not been answered. */
function round(m: Memory, ask: Ask, work: RepairWork): void {
  ask.timer(T_REPAIR, work.id, RETRY_US, RETRY_US);
  if (work.nodes.some((p) => !m.peers.isUp(p))) return;
  for (const node of work.nodes) if (!work.trees.has(node)) ask.send(node, { kind: 'validate', id: work.id, nodes: work.nodes });
  work.syncs.forEach((sync, at) => {
    if (!sync.done) ask.send(sync.a, { kind: 'sync', id: work.id, at, peer: sync.b, range: sync.range, leaves: sync.leaves });
  });
  awaitTrees(ask, work);
}

function awaitTrees(ask: Ask, work: RepairWork): void {
  if (ask.tracing) ask.awaits(work.op, { need: work.nodes.length, of: work.nodes, have: [...work.trees.keys()], what: 'Merkle trees' });
}

export function onRepairTimer(m: Memory, ask: Ask, work: RepairWork): void {
  work.rounds++;
  const dead = work.nodes.filter((p) => !m.peers.isUp(p));
  if (dead.length > 0 && work.rounds >= DEAD_RETRIES)
    fail(m, ask, work, dead, 'Cannot proceed on repair because a neighbor is dead: session failed');
  else if (work.rounds >= RETRIES)
    fail(
      m,
      ask,
      work,
      work.nodes.filter((p) => !work.trees.has(p)),
      'session timed out, some ranges may be repaired',
    );
  else round(m, ask, work);
}

function fail(m: Memory, ask: Ask, work: RepairWork, missing: readonly Proc[], error: string): void {
  m.works.delete(work.id);
  ask.cancel(T_REPAIR, work.id);
  if (ask.tracing) ask.because(rule.repairFailed, { missing });
  ask.reply(work.op, { kind: 'result', status: 'fail', error: `Repair failed: ${error}` });
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
  if (work === undefined || work.kind !== 'repair' || work.trees.has(from)) return;
  work.trees.set(from, trees);
  awaitTrees(ask, work);
  if (work.trees.size < work.nodes.length) return;
  for (let range = 0; range < env.config.ring.size; range++) compareRange(env, ask, work, range);
  if (work.left === 0) end(m, ask, work);
  else round(m, ask, work);
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
      work.left++;
      work.syncs.push({ a, b, range, leaves, done: false });
    }
  }
}

/** Streams this node's rows of the leaves to the peer, which answers with its own. */
export function onSync(
  env: Env,
  m: Memory,
  ask: Ask,
  coordinator: Proc,
  message: { id: number; at: number; peer: Proc; range: number; leaves: readonly number[] },
): void {
  const { id, at, peer, range, leaves } = message;
  stream(env, m, ask, peer, { kind: 'stream', id, at, coordinator, range, leaves, rows: [], back: false, sent: 0 });
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
  if (message.back) ask.send(message.coordinator, { kind: 'synced', id: message.id, at: message.at, rows: message.sent });
}

export function onSynced(m: Memory, ask: Ask, message: { id: number; at: number; rows: number }): void {
  const work = m.works.get(message.id);
  if (work === undefined || work.kind !== 'repair') return;
  const sync = work.syncs[message.at];
  if (sync === undefined || sync.done) return;
  sync.done = true;
  work.left--;
  work.rows += message.rows;
  if (work.left === 0) end(m, ask, work);
}

function end(m: Memory, ask: Ask, work: RepairWork): void {
  m.works.delete(work.id);
  ask.cancel(T_REPAIR, work.id);
  const note = work.syncs.length === 0 ? 'nothing differed' : `${work.rows} row${work.rows === 1 ? '' : 's'} streamed`;
  ask.reply(work.op, { kind: 'result', status: 'ok', note });
}
