import { NO_PROC } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { must } from '../core/unreachable.ts';
import type { Command } from '../session/command.ts';
import { Session } from '../session/session.ts';
import type { SessionOptions } from '../session/types.ts';
import { systemNamed, systems } from '../systems/index.ts';
import { check } from './check.ts';
import { as, config } from './clients.ts';
import { expect } from './expect.ts';
import { load, quit, save } from './files.ts';
import { help, listOptions, listSystems } from './help.ts';
import { hunt } from './hunt.ts';
import { looks } from './look.ts';
import { crash, drift, pause, powerloss, restart, resume, skew, slow } from './machines.ts';
import { cut, delay, heal, loss, partition } from './network.ts';
import { notYet } from './not-yet.ts';
import { operations } from './operation.ts';
import { step } from './step.ts';
import { redo, rewind, settle, undo, wait } from './time.ts';
import { nodeNames, reset, use } from './use.ts';
import { why } from './why.ts';

/** Every verb, in the order of `help`. To add one: its file and its place here. The types of words are each verb's own. */
const table: readonly Command[] = [
  ...operations,
  partition,
  cut,
  heal,
  crash,
  powerloss,
  restart,
  pause,
  resume,
  delay,
  loss,
  slow,
  skew,
  drift,
  wait,
  settle,
  step,
  undo,
  redo,
  rewind,
  reset,
  ...looks,
  why,
  check,
  expect,
  hunt,
  use,
  as,
  config,
  save,
  load,
  help,
  listSystems,
  listOptions,
  quit,
  ...notYet,
] as readonly Command[];

/** A session with the language tied to it. Throws only for a system or nodes that the caller should have checked with `checkSetup`. */
export function openSession(options: SessionOptions = {}): Session {
  const bad = checkSetup(options);
  if (bad !== undefined) throw new Error(bad.toString());
  const system = must(systemNamed(options.system ?? 'etcd'), 'the system was checked');
  const nodes = options.nodes ?? nodeNames(3);
  return new Session(
    table,
    { system, nodes, seed: options.seed ?? 1, net: 'lan', options: {}, leader: system.hasLeader ? 0 : NO_PROC, cold: false },
    options.files,
  );
}

/** What is wrong with the options of a shell (`--system`, `--nodes`), by the rules of `use`. */
export function checkSetup(options: SessionOptions): Problem | undefined {
  if (options.system !== undefined && systemNamed(options.system) === undefined) {
    return new Problem(`there is no system "${options.system}" yet`, `the systems are ${systems.map((s) => s.name).join(', ')}`);
  }
  if (options.nodes === undefined) return undefined;
  const trial = openSession({}).read(`use ${options.system ?? 'etcd'} ${options.nodes.join(' ')}`);
  return isProblem(trial) ? trial : undefined;
}
