import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, type Figure, inTurns, median, number, ratios, wallNs } from './measure.ts';

/** Ten lines such as a reader might keep: writes, reads, a cut, its mending, and what is expected. */
export const SCRIPT = `use etcd a b c
set x apple
read x@b
partition c
set x pear
read x@c level=serializable
expect ok
heal
wait 3s
read x@c
`;

// The bench is run in the root of the clone, wherever it was bundled to.
const bin = join(process.cwd(), 'bin/cap-tutor.js');

function run(args: readonly string[]): number {
  let status: number | null = null;
  const ns = wallNs(() => {
    ({ status } = spawnSync(process.execPath, args, { stdio: 'ignore' }));
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}`);
  return ns;
}

function commands(folder: string): readonly Figure[] {
  const script = join(folder, 'ten.cap');
  writeFileSync(script, SCRIPT);
  const ns = inTurns(25, {
    node: () => run(['-e', '0']),
    version: () => run([bin, '--version']),
    script: () => run([bin, 'run', script]),
  });
  const ms = (times: readonly number[]): string => `${number(median(times) / 1e6)} ms; node -e 0 takes ${number(median(ns.node) / 1e6)} ms`;
  return [
    { what: 'cap-tutor --version / node -e 0', rounds: ratios(ns.version, ns.node), unit: 'x', aim: { atMost: 1.5 }, note: ms(ns.version) },
    {
      what: 'cap-tutor run, ten lines / node -e 0',
      rounds: ratios(ns.script, ns.node),
      unit: 'x',
      aim: { atMost: 2 },
      note: ms(ns.script),
    },
  ];
}

/** What a reader must see before the first frame counts as complete: the chapter's text, the map of the cluster and the prompt. */
function complete(screen: string): boolean {
  return /theorem/i.test(screen) && /q quit/.test(screen) && /etcd/.test(screen) && /leader/.test(screen) && /(^|[│|])\s*> ?/m.test(screen);
}

async function frames(folder: string): Promise<readonly Figure[]> {
  const { Term } = await import('../harness/term.ts');
  const env = { HOME: folder, XDG_STATE_HOME: undefined, XDG_DATA_HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_CACHE_HOME: undefined };
  const first = async (args: readonly string[], seen: (screen: string) => boolean): Promise<number> => {
    const start = process.hrtime.bigint();
    const term = new Term(process.execPath, args, { cols: 120, rows: 40, cwd: process.cwd(), env });
    try {
      await term.until(seen, 'a complete frame', 8_000);
      return Number(process.hrtime.bigint() - start);
    } finally {
      term.kill();
    }
  };
  const ink = fileURLToPath(new URL('./programs/one-line-ink.js', import.meta.url));
  const one: number[] = [];
  const book: number[] = [];
  for (let round = 0; round <= 12; round++) {
    const a = await first([ink], (screen) => screen.includes('one line'));
    const b = await first([bin], complete);
    if (round === 0) continue;
    one.push(a);
    book.push(b);
  }
  const note = `${number(median(book) / 1e6)} ms; one line by Ink takes ${number(median(one) / 1e6)} ms`;
  return [{ what: 'first frame of the textbook / one line by Ink', rounds: ratios(book, one), unit: 'x', aim: { atMost: 1.5 }, note }];
}

export const start: Bench = {
  name: 'start',
  title: 'Whole commands, processes in turns',
  run: async () => {
    if (!existsSync('dist/cli.js')) {
      console.log('  not built: run `npm run build` first');
      return [];
    }
    const folder = mkdtempSync(join(tmpdir(), 'cap-tutor-bench-'));
    try {
      const figures = [...commands(folder)];
      try {
        figures.push(...(await frames(folder)));
      } catch (error) {
        // The figure is missing, and says so; the others stand.
        const [why] = String(error).split('\n');
        console.log(`  first frame of the textbook: not measured (${why ?? ''})`);
      }
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
