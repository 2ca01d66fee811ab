import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, root } from './harness/term.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const place = mkdtempSync(join(tmpdir(), 'cap-tutor-pack-'));
const elsewhere = join(place, 'elsewhere');

/** Node and npm as a newcomer has them: no settings of whoever runs the tests, nothing cached, and no network to ask. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$/i.test(name))),
  npm_config_userconfig: join(place, 'npmrc'),
  npm_config_globalconfig: join(place, 'global-npmrc'),
  npm_config_cache: join(place, 'cache'),
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  HOME: place,
};

const windows = process.platform === 'win32';
const start = (command: string, args: readonly string[], cwd: string, input = ''): SpawnSyncReturns<string> =>
  spawnSync(command, args, { cwd, env, input, encoding: 'utf8', shell: windows });

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

let packed: Packed;

beforeAll(() => {
  mkdirSync(elsewhere);
  writeFileSync(join(place, 'npmrc'), '');
  writeFileSync(join(place, 'global-npmrc'), '');
  // `npm test` has just built; the script of `prepack` would only do so again
  const pack = start('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], root);
  expect(pack.stderr).not.toMatch(/npm (warn|error)/i);
  packed = (JSON.parse(pack.stdout) as Packed[])[0] as Packed;
}, 60_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds the program, the book and their papers, and nothing else', () => {
    const expected =
      /^(bin\/cap-tutor\.js|dist\/[\w-]+\.js|dist\/THIRD-PARTY-NOTICES\.txt|dist\/library\.d\.ts|chapters\/\d\d-[\w-]+\.md|README\.md|LICENSE|package\.json)$/;
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    for (const path of ['bin/cap-tutor.js', 'dist/cli.js', 'dist/THIRD-PARTY-NOTICES.txt', 'README.md', 'LICENSE', 'package.json']) {
      expect(paths).toContain(path);
    }
    expect(paths.filter((path) => path.startsWith('chapters/'))).not.toEqual([]);
    expect(packed.size).toBeLessThan(1_000_000);
  });

  it('installs into an empty folder without a network and without a word of warning, and runs there', () => {
    const install = start('npm', ['install', '--no-save', join(place, packed.filename)], elsewhere);
    expect(install.stderr).toBe('');
    expect(install.stdout).toMatch(/^\s*added 1 package/);
    const installed = join(elsewhere, 'node_modules/.bin/cap-tutor');

    const version = start(installed, ['--version'], elsewhere);
    expect([version.stdout, version.stderr, version.status]).toEqual([`${manifest.version}\n`, '', 0]);

    const script = 'set x apple\nread x\nexpect apple\n';
    const run = start(installed, ['run', '-'], elsewhere, script);
    expect([run.stderr, run.status]).toEqual(['', 0]);
    expect(run.stdout).toContain('apple');
    expect(start(installed, ['run', '-'], elsewhere, script.replace('expect apple', 'expect pear')).status).toBe(1);

    const chapters = start(installed, ['chapters'], elsewhere);
    expect([chapters.stderr, chapters.status]).toEqual(['', 0]);
    expect(chapters.stdout).toContain('The CAP theorem');
  }, 60_000);
});

describe('the library', () => {
  // The place where the tarball was installed into: its users have no other way in.
  it('judges a history, and says what is wrong with one', () => {
    writeFileSync(
      join(elsewhere, 'use.mjs'),
      `import { check, CheckError, models } from 'cap-tutor';
       const operation = (f, value, call) => ({ process: 0, f, key: 'x', value, call, return: call + 1 });
       const history = [operation('write', 1, 1), operation('write', 2, 3), operation('read', 1, 5)];
       const { valid, operations, models: [linearizable] } = check(history);
       console.log(valid, operations, linearizable.model, linearizable.witness.map(({ id }) => id), linearizable.reason);
       console.log(check(history.slice(0, 2), { order: true }).models[0].keys[0].order.map(({ line }) => line));
       try { check('{:process 0'); } catch (error) { console.log(error instanceof CheckError, error.line, error.message); }
       try { check(history, { models: 'linearisable' }); } catch (error) { console.log(error.message.split(';')[0]); }
       console.log(models[0].name);`,
    );
    const used = start(process.execPath, ['use.mjs'], elsewhere);
    expect(used.stderr).toBe('');
    expect(used.stdout).toBe(
      [
        'false 3 linearizable [ 1, 2, 3 ] #3 read 1 although #2 had written 2 before #3 began',
        '[ 1, 2 ]',
        'true 1 the text ends inside a map; is the file whole?',
        'there is no model "linearisable"',
        'linearizable',
        '',
      ].join('\n'),
    );
  }, 60_000);

  it('has types that hold without those of anything else', () => {
    writeFileSync(
      join(elsewhere, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, noEmit: true, module: 'nodenext', types: [], skipLibCheck: false } }),
    );
    writeFileSync(
      join(elsewhere, 'right.ts'),
      `import { check, type CheckResult } from 'cap-tutor';\nexport const right: CheckResult = check([{ process: 0, f: 'read', call: 1 }]);\n`,
    );
    const compile = (): SpawnSyncReturns<string> =>
      start(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], elsewhere);
    expect(compile().stdout).toBe('');
    writeFileSync(
      join(elsewhere, 'wrong.ts'),
      `import { check } from 'cap-tutor';\nexport const wrong: string = check([{ f: 'read', call: 1 }]);\n`,
    );
    expect(compile().stdout).toMatch(/wrong\.ts.*CheckResult(.|\n)*process/);
  }, 60_000);
});

describe('the starter', () => {
  it('is executable and says its version without a build', () => {
    if (!windows) expect(statSync(bin).mode & 0o111).toBe(0o111);
    const bare = join(place, 'bare');
    mkdirSync(join(bare, 'bin'), { recursive: true });
    writeFileSync(join(bare, 'bin/cap-tutor.js'), readFileSync(bin));
    writeFileSync(join(bare, 'package.json'), readFileSync(join(root, 'package.json')));
    const starter = join(bare, 'bin/cap-tutor.js');
    expect(start(process.execPath, [starter, '--version'], bare).stdout).toBe(`${manifest.version}\n`);

    const unbuilt = start(process.execPath, [starter, 'run', '-'], bare);
    expect(unbuilt.status).toBe(2);
    expect(unbuilt.stderr).toBe('cap-tutor is not built yet: run `npm ci` (or `npm run build`) in its folder first\n');
  });

  it('turns an old Node away with a sentence', () => {
    // A Node that is too old is not at hand in every test run; one that says it is will do.
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.11.1'})`;
    const old = start(process.execPath, ['--import', pretend, bin, 'run', '-'], root);
    expect(old.status).toBe(2);
    expect(old.stderr).toMatch(/^cap-tutor needs Node\.js 20\.12 or newer; this is v[\d.]+\n$/);
  });
});

interface Metafile {
  readonly outputs: Readonly<Record<string, Output>>;
}
interface Output {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

/** Everything that loading one output of the bundle loads with it. */
function loadedWith(outputs: Metafile['outputs'], entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path, kind } of outputs[entry]?.imports ?? []) if (kind === 'import-statement') loadedWith(outputs, path, seen);
  return seen;
}

function screenLoaders({ outputs }: Metafile): string[] {
  const screen = /^node_modules\/(react|ink|ink-text-input|react-reconciler|yoga-layout|marked-terminal|chalk)\//;
  return Object.entries(outputs)
    .filter(([, { entryPoint }]) => entryPoint !== undefined && /^src\/(?!shells\/tui\/)/.test(entryPoint))
    .filter(([path]) =>
      [...loadedWith(outputs, path)].some((one) => Object.keys(outputs[one]?.inputs ?? {}).some((file) => screen.test(file))),
    )
    .map(([, { entryPoint }]) => String(entryPoint));
}

describe('the bundle', () => {
  const metafile = JSON.parse(readFileSync(join(root, 'node_modules/.cache/bundle.json'), 'utf8')) as Metafile;

  it('loads React and its kin for nothing but the full screen', () => {
    expect(screenLoaders(metafile)).toEqual([]);
  });

  it('would notice', () => {
    const output = (entryPoint: string | undefined, inputs: string[], imports: string[], kind = 'import-statement'): Output => ({
      ...(entryPoint === undefined ? {} : { entryPoint }),
      inputs: Object.fromEntries(inputs.map((file) => [file, {}])),
      imports: imports.map((path) => ({ path, kind })),
    });
    const outputs = {
      'dist/cli.js': output('src/cli.ts', [], ['dist/repl.js', 'dist/tui.js'], 'dynamic-import'),
      'dist/repl.js': output('src/shells/repl/repl.ts', [], ['dist/chunk.js']),
      'dist/tui.js': output('src/shells/tui/app.tsx', [], ['dist/chunk.js']),
      'dist/chunk.js': output(undefined, ['node_modules/react/index.js'], []),
    };
    expect(screenLoaders({ outputs })).toEqual(['src/shells/repl/repl.ts']);
  });
});
