/**
 * Copies of plain data, for checkpoints. A replica's memory is made of primitives, arrays, plain objects, Maps, Sets,
 * typed arrays and containers with a `copy` of their own. Messages, log entries and requests are never changed once
 * made, so containers that hold them (`SharedList`, `SharedMap`) copy the spine and share the items.
 */
export interface Copyable {
  copy(): this;
}

export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  return copyObject(value);
}

function copyObject<T extends object>(value: T): T;
function copyObject(value: object): unknown {
  if (Array.isArray(value)) return copyArray(value);
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>();
    for (const [key, item] of value) map.set(key, copy(item));
    return map;
  }
  if (value instanceof Set) return new Set(value);
  if ('copy' in value && typeof value.copy === 'function') return value.copy();
  if (ArrayBuffer.isView(value)) return (value as unknown as Uint8Array).slice();
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) out[key] = copy((value as Record<string, unknown>)[key]);
  return out;
}

function copyArray(value: readonly unknown[]): unknown[] {
  const out = value.slice();
  // Most arrays in a replica hold numbers: one look at each item, a call only for those that need it.
  for (let i = 0; i < out.length; i++) {
    const item = out[i];
    if (typeof item === 'object' && item !== null) out[i] = copyObject(item);
  }
  return out;
}

/** A list whose items never change once they are in it: a copy shares them. */
export class SharedList<T> implements Copyable {
  items: T[];
  constructor(items: T[] = []) {
    this.items = items;
  }
  get length(): number {
    return this.items.length;
  }
  at(index: number): T | undefined {
    return this.items[index];
  }
  push(item: T): void {
    this.items.push(item);
  }
  /** Keeps the first `length` items. */
  truncate(length: number): void {
    if (length < this.items.length) this.items.length = length;
  }
  copy(): this {
    return new SharedList(this.items.slice()) as this;
  }
}

/** A map whose values never change once they are in it (they are replaced, not edited): a copy shares them. */
export class SharedMap<K, V> implements Copyable {
  readonly map: Map<K, V>;
  constructor(entries?: Iterable<readonly [K, V]>) {
    this.map = new Map(entries);
  }
  get size(): number {
    return this.map.size;
  }
  get(key: K): V | undefined {
    return this.map.get(key);
  }
  has(key: K): boolean {
    return this.map.has(key);
  }
  set(key: K, value: V): void {
    this.map.set(key, value);
  }
  delete(key: K): boolean {
    return this.map.delete(key);
  }
  copy(): this {
    return new SharedMap(this.map) as this;
  }
}

/** One reference that is shared by every copy: for a large value that nothing edits. */
export class Shared<T> implements Copyable {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
  copy(): this {
    return this;
  }
}

/** Whether two pieces of plain data hold the same (Maps and Sets without regard to order). */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (a instanceof Map) return b instanceof Map && a.size === b.size && [...a].every(([k, v]) => b.has(k) && same(v, b.get(k)));
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((k) => b.has(k));
  const keys = Object.keys(a);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return keys.length === Object.keys(b).length && keys.every((key) => key in right && same(left[key], right[key]));
}
