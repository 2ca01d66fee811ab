import { type Columns, UNKNOWN } from './columns.ts';

/** One line of operations of a client, each begun after the one before it had returned. */
interface Line {
  readonly session: number;
  /** The last return in it. */
  end: number;
  /** The last return for each key. */
  readonly ends: Map<number, number>;
}

/**
 * The sessions of a history whose processes are those of clients (`you`, `you#2`, …): a client's session goes on over operations that had returned before the next was invoked, whatever
 * processes they belong to (LANGUAGE section 5, Clients). Such an order is a partial one where a client did several things at once, and a session here is a line: an operation goes on from the line that
 * last did something with its key, or else from the one that returned last. So what is called ordered is ordered; of several things done at once a later one knows one line.
 * What never returned comes after what its client did before, and before nothing.
 */
export function clientSessions({
  count,
  process,
  status,
  key,
  call,
  ret,
  texts,
}: Pick<Columns, 'count' | 'process' | 'status' | 'key' | 'call' | 'ret' | 'texts'>): Int32Array {
  const sessions = new Int32Array(count);
  const clientOf = new Map<number, string>();
  const lines = new Map<string, Line[]>();
  let next = 0;
  for (let i = 0; i < count; i++) {
    const code = process[i] as number;
    let client = clientOf.get(code);
    if (client === undefined) clientOf.set(code, (client = (texts.text(code) ?? '').replace(/#\d+$/, '')));
    let own = lines.get(client);
    if (own === undefined) lines.set(client, (own = []));
    const k = key[i] as number;
    let line = goesOn(own, call[i] as number, k);
    if (line === undefined) own.push((line = { session: next++, end: 0, ends: new Map() }));
    sessions[i] = line.session;
    if (status[i] === UNKNOWN) continue;
    line.end = ret[i] as number;
    line.ends.set(k, line.end);
  }
  return sessions;
}

/** Of the lines that had come to rest by then the one that an operation on a key goes on from. */
function goesOn(lines: readonly Line[], call: number, key: number): Line | undefined {
  let best: Line | undefined;
  for (const line of lines) {
    if (line.end >= call) continue;
    if (best === undefined) {
      best = line;
      continue;
    }
    const [mine, its] = [line.ends.get(key) ?? 0, best.ends.get(key) ?? 0];
    if (mine > its || (mine === its && line.end > best.end)) best = line;
  }
  return best;
}
