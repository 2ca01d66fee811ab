import type { Proc } from '../core/ids.ts';
import type { Fact, Facts, Rule } from '../sim/rules.ts';
import { list, shortTime } from './words.ts';

/** The name of a process, server or client. */
export type Names = (proc: Proc) => string;

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)(?::(node|nodes|time))?\}/g;

/**
 * The sentence of a rule with its facts filled in. A fact that the rule's author forgot, or gave as the wrong kind, is a bug of that system:
 * it throws, and names the rule.
 */
export function sentence(rule: Rule, facts: Facts, names: Names): string {
  return phrase(rule.says, facts, names, rule.id);
}

/** The same for any text with placeholders (a Need's `what`); `owner` is named where a fact is missing. */
export function phrase(says: string, facts: Facts, names: Names, owner = says): string {
  return says.replace(PLACEHOLDER, (hole, name: string, kind: string | undefined) => {
    const fact = facts[name];
    if (fact === undefined) throw new Error(`rule "${owner}" was stated without its fact ${hole}`);
    return format(fact, kind, names, `rule "${owner}", fact ${hole}`);
  });
}

function format(fact: Fact, kind: string | undefined, names: Names, owner: string): string {
  switch (kind) {
    case 'node':
      return names(single(fact, owner));
    case 'nodes':
      return typeof fact === 'number' ? names(fact) : nodeList(fact, names, owner);
    case 'time':
      return shortTime(single(fact, owner));
    default:
      return Array.isArray(fact) ? fact.join(', ') : String(fact);
  }
}

function nodeList(fact: Fact, names: Names, owner: string): string {
  if (!Array.isArray(fact)) throw new Error(`${owner} is no list of nodes: ${JSON.stringify(fact)}`);
  return fact.length === 0 ? 'none' : list(fact.map(names));
}

function single(fact: Fact, owner: string): number {
  if (typeof fact !== 'number') throw new Error(`${owner} is no number: ${JSON.stringify(fact)}`);
  return fact;
}

/** The nodes that a rule's sentence names, in the order of its placeholders. */
export function nodesNamed(rule: Rule, facts: Facts): readonly Proc[] {
  const out: Proc[] = [];
  for (const [, name, kind] of rule.says.matchAll(PLACEHOLDER)) {
    const fact = kind === 'node' || kind === 'nodes' ? facts[name ?? ''] : undefined;
    if (typeof fact === 'number') out.push(fact);
    else if (typeof fact === 'object') out.push(...fact);
  }
  return out;
}

/** Only those that it names one by one: a list of everybody who was asked is not about any of them. */
export function nodesSingled(rule: Rule, facts: Facts): readonly Proc[] {
  const singles = [...rule.says.matchAll(PLACEHOLDER)].filter(([, , kind]) => kind === 'node');
  return singles.map(([, name]) => facts[name ?? '']).filter((fact) => typeof fact === 'number');
}

/** The durations that a rule's sentence names, in microseconds. */
export function timesNamed(rule: Rule, facts: Facts): readonly number[] {
  const times = [...rule.says.matchAll(PLACEHOLDER)].filter(([, , kind]) => kind === 'time');
  return times.map(([, name]) => facts[name ?? '']).filter((fact) => typeof fact === 'number');
}
