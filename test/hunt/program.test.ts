import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../src/hunt/ledger.ts';
import { Pool } from '../../src/shells/hunt/pool.ts';
import { Place } from '../harness/cli.ts';
import { huntFor } from './hunts.ts';

const place = new Place();
afterAll(() => place.remove());

const hunt = (...words: readonly string[]) => place.run(['hunt', ...words]);

// Each of these starts the program, and that its threads: a slow box is not a failure.
describe('cap-tutor hunt', { timeout: 60_000 }, () => {
  it('prints the same bytes however many work on it: something found', () => {
    const words = ['not linearizable', '--system', 'etcd bug=skip-log-check', '--runs', '600'];
    const one = hunt(...words, '--jobs', '1');
    expect(one).toMatchObject({ stderr: '', code: 1 });
    expect(hunt(...words, '--jobs', '2')).toEqual(one);
    // What is printed runs, and shows it: every expectation holds.
    place.file('found.cap', one.stdout);
    const again = place.run(['run', '--json', 'found.cap']);
    const rows = again.stdout.trimEnd().split('\n');
    expect(again.code).toBe(0);
    expect(rows.at(-2)).toContain('"expected":"check linearizable violated"');
    expect(rows.at(-1)).toContain('"expectations":{"held":1,"failed":0}');
  });

  it('prints the same bytes however many work on it: nothing found, or the events used up', () => {
    for (const bound of [
      ['--runs', '40'],
      ['--events', '9000'],
    ]) {
      const one = hunt('two leaders', ...bound, '--jobs', '1');
      expect(one).toMatchObject({ stderr: '', code: 0 });
      expect(one.stdout).toContain('that is not a proof');
      expect(hunt('two leaders', ...bound, '--jobs', '2')).toEqual(one);
    }
  });

  it('writes the script to a file, and everything as an object', () => {
    const words = ['stale read', '--system', 'etcd bug=local-read', '--nodes', '3', '--faults', 'network'];
    const text = hunt(...words, '-o', 'stale.cap');
    expect(text.stdout).toContain('cap-tutor run stale.cap');
    const script = readFileSync(join(place.path, 'stale.cap'), 'utf8');
    expect(text.stdout).toContain(script);
    expect(place.run(['run', 'stale.cap']).stdout).toContain('✓ stale');
    const object = JSON.parse(hunt(...words, '--json').stdout) as { readonly script: readonly string[] };
    expect(object).toMatchObject({ hunt: 'stale read', system: 'etcd', seed: 1, found: true, format: 1 });
    expect(script).toContain(object.script.join('\n'));
    expect(hunt(...words, '-o', 'no/such/place.cap')).toMatchObject({ code: 2 });
  });

  it.each([['SIGINT', 130] as const, ['SIGTERM', 143] as const])(
    'says up to which run all is done when it is stopped by %s',
    async (signal, code) => {
      const running = place.start(['hunt', 'two leaders', '--runs', '1000000000', '--jobs', '2']);
      await running.saw('# hunting');
      running.kill(signal);
      const ended = await running.ended;
      expect(ended.code).toBe(code);
      expect(ended.stdout).toMatch(
        /# stopped (before the first run was done|: all runs up to [\d,]+ are done, and none has two nodes)|# stopped: all runs/,
      );
    },
  );

  it.each([
    [['stale read', '--runs', '0'], /--runs: "0"/],
    [['stale read', '--jobs', '99'], /from 1 to 64/],
    [['stale read', '--faults', 'crsh'], /did you mean crash/],
    [['two leaders', '--system', 'cassandra'], /has no leader/],
    [['stale read', '--format', 'xml'], /unknown option/],
    [[], /missing required argument/],
  ])('refuses %j', (words, says) => {
    const { stdout, stderr, code } = hunt(...words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(says);
  });

  it('has no word for those who are no thread of it', () => {
    expect(place.run(['hunt-worker'])).toMatchObject({ stdout: '', code: 2 });
  });
});

describe('a thread that dies', () => {
  /** A program in the place of ours: takes a run, notes its number, and ends as told. */
  const entry = (ending: string) => ({
    file: new URL(
      `data:text/javascript,${encodeURIComponent(
        `import { parentPort, workerData } from 'node:worker_threads';
         parentPort.on('message', ({ from }) => { Atomics.store(workerData.at, workerData.index, from + 3); ${ending} });
         parentPort.postMessage({ from: -1, results: [] });`,
      )}`,
    ),
    argv: [],
  });

  it.each([
    ['process.exit(9)', /ended by itself \(9\)/],
    ['throw new Error("out of luck")', /out of luck/],
  ])('is a fault, with the number of its run: %s', async (ending, says) => {
    const quest = { property: 'two leaders', cluster: 'etcd', bounds: {} };
    const one = huntFor(quest.property, quest.cluster);
    const ledger = new Ledger(one.bounds);
    await new Pool(one, ledger, 1).run(quest, entry(ending));
    expect(ledger.end).toMatchObject({ kind: 'broken', at: 4, error: expect.stringMatching(says) });
  });
});
