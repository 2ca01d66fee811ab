import { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import { isName } from '../lang/names.ts';
import type { SessionOptions } from '../session/types.ts';
import { systemNamed, systems } from '../systems/index.ts';

/** `--system`, `--nodes` and `--seed` as they were typed. */
export interface Typed {
  readonly system?: string;
  readonly nodes?: string;
  readonly seed?: string;
}

/** The cluster that a session starts with, or what is wrong with the words for it. */
export function sessionOptions(typed: Typed): SessionOptions | Problem {
  const system = typed.system === undefined ? undefined : readSystem(typed.system);
  if (system instanceof Problem) return system;
  const nodes = typed.nodes === undefined ? undefined : readNodes(typed.nodes);
  if (nodes instanceof Problem) return nodes;
  const seed = typed.seed === undefined ? undefined : readSeed(typed.seed);
  if (seed instanceof Problem) return seed;
  return {
    ...(system === undefined ? {} : { system }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function readSystem(text: string): string | Problem {
  const found = systemNamed(text);
  if (found !== undefined) return found.name;
  const names = systems.map(({ name }) => name);
  const near = didYouMean(text, names);
  return new Problem(
    `--system: there is no system "${clip(text)}" yet`,
    `${near === undefined ? '' : `did you mean ${near}? `}the systems are ${names.join(', ')}`,
  );
}

/** As many as `use` takes. */
const MOST_NODES = 500;

function readNodes(text: string): readonly string[] | Problem {
  const names = text.split(',').map((name) => name.trim());
  if (names.length > MOST_NODES) return new Problem(`--nodes: ${names.length} nodes are too many`, `name at most ${MOST_NODES}`);
  for (const [i, name] of names.entries()) {
    if (name === 'you') return new Problem('--nodes: you is the name of the client', 'choose another name for the node');
    if (!isName(name)) {
      return new Problem(
        `--nodes: "${clip(name)}" cannot be the name of a node`,
        'write them with commas between, for example --nodes a,b,c',
      );
    }
    if (names.indexOf(name) !== i) return new Problem(`--nodes: ${clip(name)} is named twice`, 'give each node a name of its own');
  }
  return names;
}

function readSeed(text: string): number | Problem {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 4_294_967_295) return Number(text);
  return new Problem(`--seed: "${clip(text)}" is not a whole number from 0 to 4294967295`, 'for example --seed 7');
}
