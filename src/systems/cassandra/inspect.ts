import type { Proc } from '../../core/ids.ts';
import { byCode } from '../../core/order.ts';
import { EMPTY, isEmpty, merge, NEVER, newestTs, type Row } from '../../protocols/lww.ts';
import type { Disk } from '../../sim/disk.ts';
import type { Held, Json, LogTable, NodeState } from '../system.ts';
import type { LogRecord, Memory } from './memory.ts';
import type { Hint } from './messages.ts';
import { valueIn } from './values.ts';

/** What a node holds; of one that is down, what a restart would find on its disk. Nodes are written `{node:n}`. */
export function inspect(memory: unknown, disk: Disk<unknown>, self: Proc): NodeState {
  // The kernel hands back what `boot` made, or undefined while the node is down.
  const log = disk as Disk<LogRecord>;
  return memory === undefined ? inspectDown(log) : inspectUp(memory as Memory, log, self);
}

function inspectUp(m: Memory, disk: Disk<LogRecord>, self: Proc): NodeState {
  const hints = [...m.hints.map.values()];
  const down: Proc[] = [];
  for (let peer = 0; peer < m.peers.downSinceUs.length; peer++) if (peer !== self && !m.peers.isUp(peer)) down.push(peer);
  const figures: [string, string][] = [];
  if (hints.length > 0) figures.push(['hints', String(hints.length)]);
  if (down.length > 0) figures.push(['down', names(down)]);
  const holds = holdsOf(m.table.map);
  const works = [...m.works.values()];
  const note = works.length === 0 ? undefined : `waits for ${works.length} ${works.length === 1 ? 'answer' : 'answers'}`;
  return {
    role: 'replica',
    figures,
    holds,
    ...(note === undefined ? {} : { note }),
    details: details(m, disk, hints, down),
    json: {
      keys: keysOf(m.table.map),
      hints: hints.map((hint) => ({ for: hint.target, key: hint.key, ts: newestTs(hint.row) })),
      down,
      commitlog: disk.length,
      durable: disk.durable,
    },
  };
}

function names(nodes: readonly Proc[]): string {
  return nodes.length > 4 ? `${nodes.length} nodes` : nodes.map((p) => `{node:${p}}`).join(' ');
}

function inspectDown(disk: Disk<LogRecord>): NodeState {
  const table = new Map<string, Row>();
  for (const record of disk.records) {
    if (record.kind === 'mutate' || record.kind === 'row' || record.kind === 'hint')
      table.set(record.key, merge(table.get(record.key) ?? EMPTY, record.row));
  }
  return {
    role: 'down',
    figures: [],
    holds: holdsOf(table),
    details: [['role', 'down'], ['records on disk', String(disk.length)], ...rowsOf(table)],
    json: { role: 'down', keys: keysOf(table), commitlog: disk.length, durable: disk.durable },
  };
}

function holdsOf(table: ReadonlyMap<string, Row>): Held[] {
  return sorted(table).map(([key, row]) => {
    const value = valueIn(row);
    return { key, value, version: `@${newestTs(row)}`, ...(value === null ? { hidden: true } : {}) };
  });
}

function sorted(table: ReadonlyMap<string, Row>): (readonly [string, Row])[] {
  return [...table].filter(([, row]) => !isEmpty(row)).sort(([a], [b]) => byCode(a, b));
}

function keysOf(table: ReadonlyMap<string, Row>): Json {
  const out: Record<string, Json> = {};
  for (const [key, row] of sorted(table)) {
    const value = valueIn(row);
    out[key] = {
      value: typeof value === 'object' && value !== null ? [...value] : value,
      ts: newestTs(row),
      ...(row.deletedTs === NEVER ? {} : { deleted: row.deletedTs }),
    };
  }
  return out;
}

function details(m: Memory, disk: Disk<LogRecord>, hints: readonly Hint[], down: readonly Proc[]): NodeState['details'] {
  const rows: [string, string][] = [...rowsOf(m.table.map)];
  for (const [key, state] of m.paxos.map) {
    const { promised, accepted, committed } = state;
    const open = accepted.ballot.ts > committed.ballot.ts && !isEmpty(accepted.row) ? `, accepted ${accepted.ballot.ts}` : '';
    const done = committed.ballot.ts === NEVER ? '' : `, committed ${committed.ballot.ts}`;
    rows.push([`paxos ${key}`, `promised ${promised.ts}${open}${done}`]);
  }
  for (const hint of hints) {
    rows.push([
      `hint for {node:${hint.target}}`,
      `${hint.key} @${newestTs(hint.row)}${hint.id > m.hintsFlushed ? ', not yet in a file' : ''}`,
    ]);
  }
  rows.push(['held for down', down.length === 0 ? 'nobody' : names(down)]);
  const unsynced = disk.length - disk.durable;
  rows.push([
    'commit log',
    `${disk.length} record${disk.length === 1 ? '' : 's'}, ${unsynced === 0 ? 'all' : disk.durable} on stable storage`,
  ]);
  return rows;
}

function rowsOf(table: ReadonlyMap<string, Row>): [string, string][] {
  return sorted(table).map(([key, row]) => [`key ${key}`, describeRow(row)]);
}

function describeRow(row: Row): string {
  const parts: string[] = [];
  if (row.value !== null) parts.push(`${row.value} @${row.ts}`);
  for (const cell of row.cells) {
    const name = cell.path.startsWith('c') ? `share of {node:${Number(cell.path.slice(1))}}` : cell.path.slice(1);
    parts.push(
      cell.value === null ? `${name} removed @${cell.ts}` : cell.path.startsWith('c') ? `${name}: ${cell.value}` : `${name} @${cell.ts}`,
    );
  }
  if (row.deletedTs !== NEVER) parts.push(`tombstone @${row.deletedTs}`);
  return parts.join(', ');
}

/** The commit log with its tables, oldest first. */
export function logOf(disk: Disk<unknown>): LogTable {
  const records = (disk as Disk<LogRecord>).records;
  return {
    columns: [
      { title: 'record', kind: 'text' },
      { title: 'key', kind: 'text' },
      { title: 'what', kind: 'text' },
      { title: 'on disk', kind: 'text' },
    ],
    rows: records.map((record, i) => [...recordRow(record), i < disk.durable ? 'yes' : 'not yet']),
    note: `${disk.durable} of ${records.length} would survive a power loss`,
  };
}

function recordRow(record: LogRecord): [string, string, string] {
  switch (record.kind) {
    case 'mutate':
      return ['mutation', record.key, describeRow(record.row)];
    case 'hint':
      return ['hinted', record.key, describeRow(record.row)];
    case 'row':
      return ['table', record.key, describeRow(record.row)];
    case 'paxos':
      return ['paxos', record.key, `promised ${record.state.promised.ts}`];
    case 'hint stored':
      return ['hint', record.hint.key, `for {node:${record.hint.target}}: ${describeRow(record.hint.row)}`];
    case 'hint gone':
      return ['hint', '', 'delivered or expired'];
  }
}
