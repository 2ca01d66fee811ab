import { isProblem, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip, parseDuration } from '../core/units.ts';
import type { Option } from '../lang/statement.ts';
import type { OptionSpec, Options, System } from '../systems/index.ts';

/**
 * Options by their specs: names and values in any case and spelling become the canonical ones; what this system or this verb does not have is refused
 * with what it has.
 */
export function readOptions(system: System, verb: string, given: readonly Option[]): Options | Problem {
  const out: Record<string, string> = {};
  for (const { name, value } of given) {
    const spec = findSpec(system, name.text, verb);
    if (spec === undefined) return unknownOption(system, verb, name.text).near(name);
    const canonical = readValue(spec, value.text, verb, system);
    if (isProblem(canonical)) return canonical.near(value);
    if (out[spec.name] !== undefined) return new Problem(`option ${spec.name} is given twice`, 'keep one of them', name);
    out[spec.name] = canonical;
  }
  return out;
}

function findSpec(system: System, name: string, verb: string): OptionSpec | undefined {
  const wanted = name.toLowerCase();
  const named = (spec: OptionSpec): boolean =>
    spec.name.toLowerCase() === wanted || (spec.aliases ?? []).some((alias) => alias.toLowerCase() === wanted);
  return system.options.find((spec) => spec.on.includes(verb) && named(spec));
}

function unknownOption(system: System, verb: string, name: string): Problem {
  const known = optionsOf(system, verb).map((spec) => spec.name);
  const near = didYouMean(name, known);
  const elsewhere = system.options.find((spec) => spec.name === name.toLowerCase() && spec.hidden !== true);
  const where = elsewhere === undefined ? '' : ` (it belongs to ${elsewhere.on.slice(0, 3).join(', ')})`;
  if (known.length === 0) return new Problem(`${verb} has no option "${clip(name)}" on ${system.title}${where}`, 'leave it out');
  return new Problem(
    `${verb} has no option "${clip(name)}" on ${system.title}${where}`,
    near === undefined ? `it has ${known.join(', ')}` : `did you mean ${near}=? It has ${known.join(', ')}`,
  );
}

/** The options a verb shows to people. */
export function optionsOf(system: System, verb: string): readonly OptionSpec[] {
  return system.options.filter((spec) => spec.on.includes(verb) && spec.hidden !== true);
}

function readValue(spec: OptionSpec, text: string, verb: string, system: System): string | Problem {
  const lower = text.toLowerCase();
  const { values } = spec;
  if (typeof values !== 'string') {
    const aliases = spec.valueAliases ?? {};
    const alias = Object.keys(aliases).find((key) => key.toLowerCase() === lower);
    const found = values.find((value) => value.toLowerCase() === (alias === undefined ? lower : aliases[alias]?.toLowerCase()));
    if (found !== undefined) return found;
    return new Problem(
      `${spec.name} cannot be "${clip(text)}" on ${system.title}`,
      `${verb === 'use' ? '' : `${verb} has `}${spec.name}= ${values.join(' | ')}`,
    );
  }
  return readKind(spec, values, text);
}

function readKind(spec: OptionSpec, kind: Exclude<OptionSpec['values'], readonly string[]>, text: string): string | Problem {
  switch (kind) {
    case 'text':
      return text;
    case 'boolean': {
      const word = text.toLowerCase();
      if (['true', 'on', 'yes', '1'].includes(word)) return 'true';
      if (['false', 'off', 'no', '0'].includes(word)) return 'false';
      return new Problem(`${spec.name} is true or false, not "${clip(text)}"`, `write ${spec.name}=true or ${spec.name}=false`);
    }
    case 'duration': {
      const us = parseDuration(text);
      return isProblem(us) ? us : text.toLowerCase();
    }
    case 'integer':
    case 'number': {
      const number = Number(text);
      const shape = kind === 'integer' ? /^-?\d{1,16}$/ : /^-?\d{1,15}(\.\d{1,9})?$/;
      if (!shape.test(text))
        return new Problem(`${spec.name} is a ${kind === 'integer' ? 'whole ' : ''}number, not "${clip(text)}"`, rangeRemedy(spec));
      const [lo, hi] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      return number < lo || number > hi ? new Problem(`${spec.name} cannot be ${text}`, rangeRemedy(spec)) : text;
    }
  }
}

function rangeRemedy(spec: OptionSpec): string {
  return spec.range === undefined ? `write for example ${spec.name}=1` : `it goes from ${spec.range[0]} to ${spec.range[1]}`;
}
