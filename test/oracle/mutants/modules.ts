import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import { Script } from 'node:vm';
import { transformSync } from 'esbuild';
import type { Checkers } from '../judge.ts';

type Wrapped = (require: (name: string) => unknown, module: { exports: unknown }, exports: unknown) => void;

/** The project's modules, each compiled once, and loaded anew for each mutant: nothing that one leaves behind meets the next. */
export class Modules {
  private readonly compiled = new Map<string, Script>();
  /** Modules outside the checkers never change, so they are loaded once. */
  private readonly shared = new Map<string, unknown>();
  private readonly root: string;
  private readonly packages: (name: string) => unknown;

  constructor(root: string) {
    this.root = root;
    this.packages = createRequire(posix.join(root, 'package.json'));
  }

  /** The checkers with the text of one file exchanged. */
  checkers(path?: string, text?: string): Checkers {
    const loaded = new Map<string, unknown>();
    const changed = path === undefined || text === undefined ? undefined : { path, script: compile(path, text) };
    const load = (name: string): unknown => {
      const home = name.startsWith('src/checkers/') ? loaded : this.shared;
      const known = home.get(name);
      if (known !== undefined) return known;
      const module = { exports: {} as unknown };
      home.set(name, module.exports);
      const script = changed?.path === name ? changed.script : this.script(name);
      const run = script.runInThisContext() as Wrapped;
      const from = (other: string): unknown =>
        other.startsWith('.') ? load(posix.join(posix.dirname(name), other)) : this.packages(other);
      run(from, module, module.exports);
      home.set(name, module.exports);
      return module.exports;
    };
    const { models } = load('src/checkers/index.ts') as Pick<Checkers, 'models'>;
    const { implied } = load('src/checkers/implications.ts') as Pick<Checkers, 'implied'>;
    return { models, implied };
  }

  private script(name: string): Script {
    const known = this.compiled.get(name);
    if (known !== undefined) return known;
    const path = posix.join(this.root, name);
    if (!existsSync(path)) throw new Error(`${name} is imported and is not there`);
    const script = compile(name, readFileSync(path, 'utf8'));
    this.compiled.set(name, script);
    return script;
  }
}

function compile(name: string, text: string): Script {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs', target: 'node20', sourcefile: name });
  return new Script(`(function (require, module, exports) {${code}\n})`, { filename: name });
}
