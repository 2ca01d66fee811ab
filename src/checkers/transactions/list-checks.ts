import type { Judging } from '../model.ts';
import type { Anomalies, AnomalyName } from './anomalies.ts';
import { AGAIN, elementsOf, isBeginning, type Lists } from './lists.ts';
import { isRead, isUpdate, type Numbering, ownerOf } from './numbering.ts';
import { keyed, value, valued, whose } from './words.ts';
import type { Writers } from './writers.ts';

/** What a transaction has done with each key so far. A stamp tells whether the rest is of this transaction. */
interface Sofar {
  readonly stamp: Int32Array;
  /** Its last read of the key, or -1, how often it has appended since, and how many elements any of its reads showed at most. */
  readonly read: Int32Array;
  readonly since: Int32Array;
  readonly shown: Int32Array;
  /** Its last append to the key, or -1. */
  readonly own: Int32Array;
}

/** What is wrong with lists without any cycle: what one read, or the reads and appends of one transaction, tell. */
export function* checkLists(n: Numbering, lists: Lists, writers: Writers, found: Anomalies): Generator<Judging, void> {
  const { txns } = n;
  const moves = txns.f.length;
  const keys = lists.holds.length;
  const sofar: Sofar = {
    ...{ stamp: new Int32Array(keys).fill(-1), read: new Int32Array(keys), since: new Int32Array(keys) },
    ...{ shown: new Int32Array(keys), own: new Int32Array(keys) },
  };
  const bad = strangersOf(n, lists, writers, found);
  for (let m = 0; m < moves; m++) {
    if ((m & 0x3fff) === 0) yield { done: m, of: moves };
    const key = txns.key[m] as number;
    if (lists.holds[key] === 0 || ownerOf(n, m) < 0) continue;
    if (sofar.stamp[key] !== n.rowOf[m]) {
      sofar.stamp[key] = n.rowOf[m] as number;
      sofar.read[key] = -1;
      sofar.since[key] = 0;
      sofar.shown[key] = 0;
    }
    if (isUpdate(n, m)) {
      sofar.since[key] = (sofar.since[key] as number) + 1;
      sofar.own[key] = m;
      checkAppend(n, lists, writers, found, sofar, m);
    } else if (isRead(n, m)) {
      checkRead(n, lists, writers, found, bad, m);
      checkOwn(n, writers, found, sofar, m);
      sofar.read[key] = m;
      sofar.since[key] = 0;
      if ((lists.length[m] as number) > (sofar.shown[key] as number)) sofar.shown[key] = lists.length[m] as number;
    }
  }
}

/** Where in each longest list the first element stands that is wrong in itself; the length of the list where none is. */
interface Strangers {
  readonly garbage: Int32Array;
  readonly failed: Int32Array;
  readonly twice: Int32Array;
}

function strangersOf(n: Numbering, lists: Lists, writers: Writers, found: Anomalies): Strangers {
  const keys = lists.holds.length;
  const strangers = { garbage: new Int32Array(keys), failed: new Int32Array(keys), twice: new Int32Array(keys) };
  for (let key = 0; key < keys; key++) {
    const from = lists.start[key] as number;
    const end = lists.start[key + 1] as number;
    const length = end - from;
    strangers.garbage[key] = length;
    strangers.failed[key] = length;
    strangers.twice[key] = length;
    if (length === 0) continue;
    const codes = elementsOf(n, lists.longest[key] as number);
    for (let p = length - 1; p >= 0; p--) {
      const by = lists.elements[from + p] as number;
      if (by >= 0) continue;
      if (by === AGAIN) strangers.twice[key] = p;
      else if (writers.failed.get(key, codes[p] as number) >= 0) strangers.failed[key] = p;
      else strangers.garbage[key] = p;
    }
    dirtyUpdates(n, lists, writers, found, key, codes);
  }
  return strangers;
}

/** A transaction that took place appended behind an element of one that failed: what did not happen became part of what did (Kingsbury & Alvaro, section 6.1). */
function dirtyUpdates(n: Numbering, lists: Lists, writers: Writers, found: Anomalies, key: number, codes: Int32Array): void {
  const from = lists.start[key] as number;
  for (let p = 1, dirty = -1; p < codes.length; p++) {
    const before = lists.elements[from + p - 1] as number;
    if (before < 0) {
      const failed = writers.failed.get(key, codes[p - 1] as number);
      if (failed >= 0) dirty = failed;
    }
    const by = lists.elements[from + p] as number;
    if (dirty < 0 || by < 0) continue;
    const failed = dirty;
    dirty = -1;
    found.add('dirty-update', () => ({
      rows: [n.rowOf[failed] as number, n.rowOf[by] as number, n.rowOf[lists.longest[key] as number] as number],
      reason: `${whose(n, by)} appended ${value(n, by)} to ${keyed(n, by)} behind ${value(n, failed)} of ${whose(n, failed)}, which failed`,
    }));
  }
}

/** The order in which a transaction appended to a key is the order in which its elements stand; and it cannot have read them before. */
function checkAppend(n: Numbering, lists: Lists, writers: Writers, found: Anomalies, sofar: Sofar, m: number): void {
  const place = lists.place[m] as number;
  if (place < 0) return;
  const key = n.txns.key[m] as number;
  const longest = lists.longest[key] as number;
  if (place < (sofar.shown[key] as number)) {
    found.add('future-read', () => ({
      rows: [n.rowOf[m] as number],
      reason: `${whose(n, m)} read ${value(n, m)} in ${keyed(n, m)} before it appended it`,
    }));
  }
  const previous = writers.previous[m] as number;
  if (previous < 0) return;
  const before = lists.place[previous] as number;
  if (before >= 0 && before < place) return;
  found.add('incompatible-order', () => ({
    rows: [n.rowOf[m] as number, n.rowOf[longest] as number],
    reason: `${whose(n, m)} appended ${value(n, previous)} to ${keyed(n, m)} before ${value(n, m)}, but ${whose(n, longest)} read ${value(n, longest)}`,
  }));
}

/** Elements that nobody appended, that a failed transaction appended, that stand there twice; lists that no other read agrees with; ends inside a transaction. */
function checkRead(n: Numbering, lists: Lists, writers: Writers, found: Anomalies, bad: Strangers, m: number): void {
  const key = n.txns.key[m] as number;
  const length = lists.length[m] as number;
  if (length === 0) return;
  const codes = elementsOf(n, m);
  if (length < 0) {
    checkOdd(n, lists, writers, found, m, codes);
  } else {
    if (length > (bad.garbage[key] as number)) strange(n, writers, found, 'garbage-read', m, codes[bad.garbage[key] as number] as number);
    if (length > (bad.failed[key] as number)) strange(n, writers, found, 'G1a', m, codes[bad.failed[key] as number] as number);
    if (length > (bad.twice[key] as number)) strange(n, writers, found, 'duplicate-elements', m, codes[bad.twice[key] as number] as number);
  }
  const last = writers.of.get(key, codes[codes.length - 1] as number);
  if (last < 0 || n.rowOf[last] === n.rowOf[m]) return;
  const next = writers.next[last] as number;
  if (next < 0) return;
  found.add('G1b', () => ({
    rows: [n.rowOf[last] as number, n.rowOf[m] as number],
    reason: `${whose(n, m)} read ${keyed(n, m)} with ${value(n, last)} at its end, after which ${whose(n, last)} itself appended ${value(n, next)}`,
  }));
}

/** A read that is no beginning of the longest one: all its elements are looked at. */
function checkOdd(n: Numbering, lists: Lists, writers: Writers, found: Anomalies, m: number, codes: Int32Array): void {
  const key = n.txns.key[m] as number;
  const longest = lists.longest[key] as number;
  found.add('incompatible-order', () => ({
    rows: [n.rowOf[m] as number, n.rowOf[longest] as number],
    reason: `${whose(n, m)} read ${value(n, m)} from ${keyed(n, m)} and ${whose(n, longest)} read ${value(n, longest)}: neither is a beginning of the other`,
  }));
  const seen = new Set<number>();
  const told = new Set<AnomalyName>();
  for (const element of codes) {
    const name = seen.has(element) ? 'duplicate-elements' : strangeness(writers, key, element);
    seen.add(element);
    if (name === undefined || told.has(name)) continue;
    told.add(name);
    strange(n, writers, found, name, m, element);
  }
}

function strangeness(writers: Writers, key: number, element: number): 'garbage-read' | 'G1a' | undefined {
  if (writers.of.get(key, element) >= 0) return undefined;
  return writers.failed.get(key, element) >= 0 ? 'G1a' : 'garbage-read';
}

function strange(n: Numbering, writers: Writers, found: Anomalies, name: AnomalyName, m: number, element: number): void {
  found.add(name, () => {
    const key = n.txns.key[m] as number;
    const read = `${whose(n, m)} read ${valued(n, element)} in ${keyed(n, m)}`;
    const failed = writers.failed.get(key, element);
    if (name === 'G1a')
      return { rows: [n.rowOf[failed] as number, n.rowOf[m] as number], reason: `${read}, which ${whose(n, failed)} appended and failed` };
    if (name === 'garbage-read') return { rows: [n.rowOf[m] as number], reason: `${read}, which nobody had appended` };
    const by = writers.of.get(key, element);
    const rows = by < 0 ? [n.rowOf[m] as number] : [n.rowOf[by] as number, n.rowOf[m] as number];
    return { rows, reason: `${read} twice, and it was appended once` };
  });
}

/** A read finds what the transaction found before, and behind it what the transaction itself has appended since. */
function checkOwn(n: Numbering, writers: Writers, found: Anomalies, sofar: Sofar, m: number): void {
  const key = n.txns.key[m] as number;
  const before = sofar.read[key] as number;
  const since = sofar.since[key] as number;
  const codes = elementsOf(n, m);
  const rest = codes.length - since;
  let good = before < 0 ? rest >= 0 : rest === elementsOf(n, before).length && isBeginning(elementsOf(n, before), codes);
  // The transaction's own appends, from the last one back.
  for (let own = sofar.own[key] as number, p = codes.length - 1; good && p >= rest; p--) {
    if (n.txns.value[own] !== codes[p]) good = false;
    else own = writers.previous[own] as number;
  }
  if (good) return;
  found.add('internal', () => {
    const saw = `${whose(n, m)} read ${value(n, m)} from ${keyed(n, m)}`;
    const own = since === 0 ? '' : ` and had appended to it ${since === 1 ? 'once' : `${since} times`}`;
    const had = before < 0 ? ', though it had appended to it before' : ` after it had read ${value(n, before)}${own}`;
    return { rows: [n.rowOf[m] as number], reason: `${saw}${had}` };
  });
}
