import { createRequire } from 'node:module';
import { posix } from 'node:path';
import { Script } from 'node:vm';
import { transform } from 'esbuild';
import type { Checkers } from '../judge.ts';
import { searched } from '../searched.ts';
import { NAMES, type Work } from './instrument.ts';

type Searches = Parameters<typeof searched>[0];
type Wrapped = (require: (name: string) => unknown, module: { exports: unknown }, exports: unknown, seen: Uint8Array, work: Work) => void;

/** A module of the project as CommonJS, and the modules that it is made of, directly or through others. */
export interface Module {
  readonly path: string;
  readonly code: string;
}

/** One transformed text as the body of a function. */
export async function compiled(path: string, text: string): Promise<Module> {
  const { code } = await transform(text, { loader: 'ts', format: 'cjs', target: 'node20', sourcefile: path });
  return { path, code };
}

/** The project's modules, each compiled once. What a change can reach is loaded anew for each mutant: nothing that one leaves behind meets the next. */
export class Modules {
  /** What the modules write to while they run. */
  readonly seen: Uint8Array;
  readonly work: Work = {
    left: Number.POSITIVE_INFINITY,
    stop() {
      throw new Error('it goes on and on');
    },
  };
  private readonly scripts = new Map<string, Script>();
  private readonly codes: ReadonlyMap<string, string>;
  private readonly kept = new Map<string, unknown>();
  private readonly packages: (name: string) => unknown;

  constructor(root: string, modules: readonly Module[], sites: number) {
    this.codes = new Map(modules.map(({ path, code }) => [path, code]));
    this.seen = new Uint8Array(sites);
    this.packages = createRequire(posix.join(root, 'package.json'));
    this.load('src/checkers/index.ts', this.kept);
  }

  /** The checkers with one file exchanged; `anew` are the files that must not be shared with others, the changed one among them. */
  checkers(changed?: Module, anew: ReadonlySet<string> = new Set()): Checkers {
    const loaded = new Map([...this.kept].filter(([path]) => !anew.has(path)));
    const exchanged = changed === undefined ? undefined : { path: changed.path, script: scriptOf(changed) };
    const { models } = this.load('src/checkers/index.ts', loaded, exchanged) as Pick<Checkers, 'models'>;
    const { implied } = this.load('src/checkers/implications.ts', loaded, exchanged) as Pick<Checkers, 'implied'>;
    const { decideBySearch } = this.load('src/checkers/objects/decide.ts', loaded, exchanged) as Searches;
    const { partOf } = this.load('src/checkers/objects/part.ts', loaded, exchanged) as Searches;
    return { models: [...models, searched({ decideBySearch, partOf })], implied };
  }

  private load(path: string, loaded: Map<string, unknown>, changed?: { readonly path: string; readonly script: Script }): unknown {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} as unknown };
    loaded.set(path, module.exports);
    const script = changed?.path === path ? changed.script : this.script(path);
    const from = (other: string): unknown =>
      other.startsWith('.') ? this.load(posix.join(posix.dirname(path), other), loaded, changed) : this.packages(other);
    (script.runInThisContext() as Wrapped)(from, module, module.exports, this.seen, this.work);
    loaded.set(path, module.exports);
    return module.exports;
  }

  private script(path: string): Script {
    const known = this.scripts.get(path);
    if (known !== undefined) return known;
    const code = this.codes.get(path);
    if (code === undefined) throw new Error(`${path} is imported and is not there`);
    const script = scriptOf({ path, code });
    this.scripts.set(path, script);
    return script;
  }
}

const scriptOf = ({ path, code }: Module): Script =>
  new Script(`(function (require, module, exports, ${NAMES.join(', ')}) {${code}\n})`, { filename: path });
