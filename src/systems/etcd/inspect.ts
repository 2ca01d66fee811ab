import { byCode } from '../../core/order.ts';
import { replay } from '../../protocols/raft/durability.ts';
import { lastIndex, lastTerm } from '../../protocols/raft/log.ts';
import type { Entry, Raft, RaftRecord } from '../../protocols/raft/types.ts';
import type { Disk } from '../../sim/disk.ts';
import type { Held, Json, LogTable, NodeState, Pulse } from '../system.ts';
import { apply, emptyStore, thaw } from './store.ts';
import type { Command, EtcdMemory, Store } from './types.ts';

/** What a server holds; of one that is down, what its disk holds and a restart would bring back. */
export function inspect(memory: unknown, disk: Disk<unknown>): NodeState {
  // The kernel hands back what `boot` made, or undefined while the server is down.
  return memory === undefined ? inspectDisk(disk as Disk<RaftRecord>) : inspectMemory(memory as EtcdMemory);
}

function inspectMemory(memory: EtcdMemory): NodeState {
  const { raft, store } = memory;
  const granted = raft.votes.filter((vote) => vote === 1).length;
  const asks = raft.role === 'pre-candidate' ? 'pre-votes' : 'votes';
  const campaigning = raft.role === 'pre-candidate' || raft.role === 'candidate';
  const quorum = (raft.votes.length >> 1) + 1;
  const state: NodeState = {
    role: raft.lead < 0 ? 'no leader' : raft.role,
    figures: [
      ['term', String(raft.term)],
      ['rev', String(store.rev)],
    ],
    holds: held(store),
    details: details(memory),
    json: json(memory),
  };
  return {
    ...state,
    ...(raft.role === 'leader' ? { leads: raft.term } : {}),
    ...(campaigning ? { note: `asks for ${asks}, ${granted} of ${quorum}` } : {}),
  };
}

const ROLES: readonly Raft['role'][] = ['follower', 'pre-candidate', 'candidate', 'leader'];

/** What an election changes. */
export const pulse: Pulse = {
  leads: (memory) => {
    const { raft } = memory as EtcdMemory;
    return raft.role === 'leader' ? raft.term : 0;
  },
  mark: (memory) => {
    const { raft } = memory as EtcdMemory;
    return (raft.term * 4 + ROLES.indexOf(raft.role)) * 1024 + raft.vote + 1;
  },
};

function held(store: Store): Held[] {
  return [...store.keys.map].sort(([a], [b]) => byCode(a, b)).map(([key, kv]) => ({ key, value: kv.value, version: `rev ${kv.mod}` }));
}

function details(memory: EtcdMemory): NodeState['details'] {
  const { raft, store } = memory;
  const rows: [string, string][] = [
    ['role', raft.role],
    ['term', String(raft.term)],
    ['vote', raft.vote < 0 ? 'none' : `{node:${raft.vote}}`],
    ['leader', raft.lead < 0 ? 'none' : `{node:${raft.lead}}`],
    ['commit', String(raft.commit)],
    ['applied', String(raft.applied)],
    ['last index', `${lastIndex(raft.log)} (term ${lastTerm(raft.log)})`],
    ['revision', String(store.rev)],
  ];
  if (raft.log.base > 0) rows.push(['compacted up to', String(raft.log.base)]);
  if (memory.waiting.size > 0) rows.push(['writes waiting', String(memory.waiting.size)]);
  const reads = memory.reads.batch.length + memory.reads.next.length;
  if (reads > 0) rows.push(['reads waiting', String(reads)]);
  for (const [key, kv] of [...store.keys.map].sort(([a], [b]) => byCode(a, b))) {
    rows.push([`key ${key}`, `${kv.value} (mod revision ${kv.mod}, version ${kv.version})`]);
  }
  return rows;
}

function json(memory: EtcdMemory): Readonly<Record<string, Json>> {
  const { raft, store } = memory;
  const keys: Record<string, Json> = {};
  for (const { key } of held(store)) {
    const kv = store.keys.get(key);
    if (kv !== undefined) keys[key] = { value: kv.value, create_revision: kv.create, mod_revision: kv.mod, version: kv.version };
  }
  return {
    role: raft.role,
    term: raft.term,
    commit: raft.commit,
    applied: raft.applied,
    last: lastIndex(raft.log),
    revision: store.rev,
    keys,
  };
}

function inspectDisk(disk: Disk<RaftRecord>): NodeState {
  const { snapshot, entries, state } = replay(disk.records);
  const store = snapshot === undefined ? emptyStore() : thaw(snapshot.state);
  // The committed part is what a restart would show before anybody tells it more.
  for (const entry of entries) if (entry.index <= state.commit && entry.command !== null) apply(store, entry.command as Command);
  const last = entries[entries.length - 1]?.index ?? snapshot?.index ?? 0;
  return {
    role: 'down',
    figures: [
      ['term', String(state.term)],
      ['rev', String(store.rev)],
    ],
    holds: held(store),
    details: [
      ['role', 'down'],
      ['term on disk', String(state.term)],
      ['commit on disk', String(state.commit)],
      ['last index on disk', String(last)],
    ],
    json: { role: 'down', term: state.term, commit: state.commit, last, revision: store.rev },
  };
}

/** The log that a server has in memory (on disk, while it is down), oldest first. */
export function logOf(memory: unknown, disk: Disk<unknown>): LogTable {
  if (memory === undefined) {
    const { entries, state } = replay((disk as Disk<RaftRecord>).records);
    return table(entries, state.commit, state.commit, `on disk: commit ${state.commit}`);
  }
  const { raft } = memory as EtcdMemory;
  return table(raft.log.entries.items, raft.commit, raft.applied, note(raft));
}

function note(raft: Raft): string {
  const compacted = raft.log.base > 0 ? `, compacted up to ${raft.log.base}` : '';
  return `commit ${raft.commit}, applied ${raft.applied}${compacted}`;
}

function table(entries: readonly Entry[], commit: number, applied: number, below: string): LogTable {
  return {
    columns: [
      { title: 'index', kind: 'number' },
      { title: 'term', kind: 'number' },
      { title: 'what', kind: 'text' },
      { title: 'status', kind: 'text' },
    ],
    rows: entries.map((e) => [
      String(e.index),
      String(e.term),
      what(e),
      e.index <= applied ? 'applied' : e.index <= commit ? 'committed' : 'not committed',
    ]),
    note: below,
  };
}

function what(entry: Entry): string {
  if (entry.command === null) return entry.term === 1 ? 'add a member' : 'empty entry of a new leader';
  const command = entry.command as Command;
  switch (command.kind) {
    case 'put':
      return `put ${command.key} ${command.value}`;
    case 'delete':
      return `delete ${command.key}`;
    case 'cas':
      return `txn: if ${command.key} is ${command.expected ?? 'none'} put ${command.value}`;
  }
}
