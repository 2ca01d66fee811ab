/**
 * Histories of registers to measure with, in the format of our own JSON Lines with short names, one operation a line in order of call:
 * `{"p":process,"k":key,"f":"w"|"r","v":value|null,"c":rank of the call,"r":rank of the return|null}`. Every client does one thing after the other; operations take effect at some moment
 * between call and return, so the history is linearizable but for what is planted.
 */
export interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  readonly seed: number;
  /** Values 0 to this less one are written again and again; without it each value is written once. */
  readonly values?: number;
  /** The share of operations of unknown outcome. */
  readonly unknown?: number;
  /** The share of operations that compare and set. Only with `values`. */
  readonly cas?: number;
  /** Half way through, one read returns what had certainly been overwritten. */
  readonly stale?: boolean;
}

interface Op {
  readonly process: number;
  readonly key: number;
  readonly call: number;
  readonly ret: number;
  readonly point: number;
  f: 'r' | 'w' | 'cas';
  value: number | null;
  expected: number;
  /** `ok`, `fail` for a cas that found another value, `unknown`. */
  outcome: string;
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function history(shape: Shape): Buffer {
  const ops = closedLoop(shape);
  apply(ops, shape);
  if (shape.stale === true) plant(ops);
  return written(ops);
}

/** Clients that call, wait for the answer, and think for a moment. */
function closedLoop({ operations, clients, keys, seed, values, cas = 0, unknown = 0 }: Shape): Op[] {
  const next = random(seed);
  const exp = (mean: number): number => -mean * Math.log(1 - next());
  const at = Float64Array.from({ length: clients }, () => exp(0.05));
  const process = Int32Array.from({ length: clients }, (_, i) => i);
  let lastProcess = clients;
  const ops: Op[] = [];
  for (let i = 0; i < operations; i++) {
    let client = 0;
    for (let c = 1; c < clients; c++) if ((at[c] as number) < (at[client] as number)) client = c;
    const call = at[client] as number;
    const ret = call + 0.05 + exp(1);
    const kind = next();
    const f = kind < 0.5 ? 'r' : kind < 0.5 + cas ? 'cas' : 'w';
    const key = Math.floor(next() * keys);
    const lost = next() < unknown;
    const fate = lost ? next() : 1;
    // Of what is lost some never happened, some did in time and some later.
    const point = fate < 0.4 ? Number.POSITIVE_INFINITY : call + (ret - call) * next() + (fate < 0.8 || !lost ? 0 : exp(5));
    const value = values === undefined ? i + 1 : Math.floor(next() * values);
    const expected = values === undefined ? 0 : Math.floor(next() * values);
    ops.push({ process: process[client] as number, key, call, ret, point, f, value, expected, outcome: lost ? 'unknown' : 'ok' });
    if (lost) process[client] = lastProcess++;
    at[client] = ret + exp(0.05);
  }
  return ops.sort((a, b) => a.call - b.call);
}

/** What the operations find, each at its moment. */
function apply(ops: readonly Op[], { keys }: Shape): void {
  const now = new Array<number | null>(keys).fill(null);
  for (const op of [...ops].sort((a, b) => a.point - b.point)) {
    if (op.point === Number.POSITIVE_INFINITY) continue;
    if (op.f === 'r') op.value = now[op.key] ?? null;
    else if (op.f === 'w' || now[op.key] === op.expected) now[op.key] = op.value;
    else if (op.outcome === 'ok') op.outcome = 'fail';
  }
}

function plant(ops: readonly Op[]): void {
  for (let i = ops.length >> 1; i < ops.length; i++) {
    const read = ops[i] as Op;
    if (read.f !== 'r' || read.outcome !== 'ok') continue;
    const before = (op: Op, rank: number): boolean => op.key === read.key && op.f === 'w' && op.outcome === 'ok' && op.ret < rank;
    const over = ops.slice(0, i).findLast((op) => before(op, read.call));
    const old = over && ops.slice(0, i).findLast((op) => before(op, over.call) && op.value !== over.value);
    if (old === undefined) continue;
    read.value = old.value;
    return;
  }
}

function written(ops: readonly Op[]): Buffer {
  const lost = (op: Op): boolean => op.outcome === 'unknown';
  const times = ops.flatMap((op, i) => (lost(op) ? [[op.call, i, 0] as const] : [[op.call, i, 0] as const, [op.ret, i, 1] as const]));
  times.sort((a, b) => a[0] - b[0]);
  const [call, ret] = [new Int32Array(ops.length), new Int32Array(ops.length)];
  times.forEach(([, i, end], rank) => {
    (end === 0 ? call : ret)[i] = rank + 1;
  });
  const lines = ops.map(({ process, key, f, value, expected, outcome }, i) => {
    const what = f === 'cas' ? `[${expected},${value}]` : f === 'r' && outcome === 'unknown' ? null : value;
    const status = outcome === 'fail' ? ',"status":"fail","compared":true' : '';
    return `{"p":${process},"k":${key},"f":"${f}","v":${what},"c":${call[i]},"r":${ret[i] === 0 ? null : ret[i]}${status}}\n`;
  });
  return Buffer.concat(chunks(lines));
}

/** One string of a hundred megabytes would have to be copied whole. */
function chunks(lines: readonly string[]): Buffer[] {
  const out: Buffer[] = [];
  for (let i = 0; i < lines.length; i += 65_536) out.push(Buffer.from(lines.slice(i, i + 65_536).join('')));
  return out;
}
