import { Shared, SharedMap } from '../../core/copy.ts';
import type { Command, KeyValue, Store } from './types.ts';

export function emptyStore(): Store {
  return { rev: 1, keys: new SharedMap<string, KeyValue>() };
}

/** What applying a command did: how many keys it changed, or -1 where the compare of a Txn failed. */
export type Applied = number;

/** Applies a committed command. Only what changes something takes a revision. Every server applies the same commands in the same order. */
export function apply(store: Store, command: Command): Applied {
  switch (command.kind) {
    case 'put':
      put(store, command.key, command.value);
      return 1;
    case 'cas':
      if ((store.keys.get(command.key)?.value ?? null) !== command.expected) return -1;
      put(store, command.key, command.value);
      return 1;
    case 'delete':
      if (!store.keys.delete(command.key)) return 0;
      store.rev++;
      return 1;
  }
}

function put(store: Store, key: string, value: string): void {
  const rev = ++store.rev;
  const old = store.keys.get(key);
  store.keys.set(key, { value, create: old === undefined ? rev : old.create, mod: rev, version: old === undefined ? 1 : old.version + 1 });
}

/** The store as a snapshot carries it. */
interface Frozen {
  readonly rev: number;
  readonly keys: ReadonlyMap<string, KeyValue>;
}

export function freeze(store: Store): Shared<object> {
  const frozen: Frozen = { rev: store.rev, keys: new Map(store.keys.map) };
  return new Shared<object>(frozen);
}

/** A snapshot's state is always made by `freeze`: Raft carries it without looking inside. */
export function thaw(state: Shared<object>): Store {
  const { rev, keys } = state.value as Frozen;
  return { rev, keys: new SharedMap(keys) };
}
