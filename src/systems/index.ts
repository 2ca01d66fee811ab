import { cassandra } from './cassandra/index.ts';
import { etcd } from './etcd/index.ts';
import type { System } from './system.ts';

/** Every system that `use` knows, in the order of `systems`. To add one: its folder and its line here. */
export const systems: readonly System[] = [etcd, cassandra];

export function systemNamed(name: string): System | undefined {
  return systems.find((system) => system.name === name.toLowerCase());
}

export type {
  Alternative,
  Call,
  Held,
  Json,
  LogTable,
  NodeState,
  OperationSpec,
  OptionSpec,
  Options,
  Request,
  System,
  Verb,
} from './system.ts';
