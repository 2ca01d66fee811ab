import { byCode } from '../core/order.ts';
import { systems } from '../systems/index.ts';
import { optionsOf } from './options.ts';
import type { Session } from './session.ts';
import type { Completion } from './types.ts';

/** What could stand where the cursor is: verbs at the beginning, then nodes, keys, clients, options and option values of this system. */
export function complete(session: Session, line: string, cursor: number): Completion {
  const before = line.slice(0, cursor);
  const command = before.slice(Math.max(before.lastIndexOf(';'), before.lastIndexOf('&')) + 1);
  const words = command.trimStart().split(/\s+/);
  const typed = words.at(-1) ?? '';
  const verb = (words.find((word) => word !== '' && !word.endsWith(':')) ?? '').toLowerCase();
  const first = words.filter((word) => !word.endsWith(':')).length <= 1;
  const at = Math.max(typed.lastIndexOf('@'), typed.lastIndexOf('='));
  const stem = at < 0 ? typed : typed.slice(at + 1);
  const known = first && at < 0 ? verbs(session) : candidates(session, verb, typed, at);
  const lower = stem.toLowerCase();
  const fitting = [...new Set(known)].filter((word) => word.toLowerCase().startsWith(lower));
  return { from: cursor - stem.length, to: cursor, candidates: fitting };
}

function verbs(session: Session): readonly string[] {
  const own = session.live.system.operations.map((op) => op.verb);
  return [...new Set([...session.table.map((command) => command.verb), ...own])].sort(byCode);
}

function candidates(session: Session, verb: string, typed: string, at: number): readonly string[] {
  const { live } = session;
  const { system } = live;
  if (at >= 0 && typed[at] === '@') return live.nodes;
  if (at >= 0) {
    const spec = optionsOf(system, verb).find((option) => option.name === typed.slice(0, at).replace(/^-+/, '').toLowerCase());
    if (spec === undefined) return [];
    return typeof spec.values === 'string' ? (spec.values === 'boolean' ? ['true', 'false'] : []) : spec.values;
  }
  const options = optionsOf(system, verb).map((option) => `${option.name}=`);
  switch (verb) {
    case 'use':
      return [...systems.map((other) => other.name), ...options, 'seed=', 'net=', 'nodes=', 'leader=', 'boot='];
    case 'help':
      return [...verbs(session), ...systems.map((other) => other.name)];
    case 'compare':
      return systems.map((other) => other.name);
    case 'expect':
      return [
        'ok',
        'fail',
        'unknown',
        'none',
        'stale',
        'fresh',
        'error',
        'leader',
        'converged',
        'siblings',
        'took',
        'check',
        'not',
        ...keys(session),
      ];
    case 'check':
      return ['linearizable'];
    case 'as':
      return [...live.clients.keys()];
    case 'partition':
    case 'cut':
    case 'heal':
    case 'crash':
    case 'restart':
    case 'powerloss':
    case 'pause':
    case 'resume':
    case 'delay':
    case 'loss':
    case 'slow':
    case 'skew':
    case 'drift':
    case 'state':
    case 'log':
      return live.names;
    default:
      return [
        ...keys(session),
        ...options,
        ...(system.operations.some((op) => op.verb === verb && op.words.some((word) => word.startsWith('node'))) ? live.nodes : []),
      ];
  }
}

function keys(session: Session): readonly string[] {
  return [...new Set(session.live.history.items.map((op) => op.key))].sort(byCode);
}
