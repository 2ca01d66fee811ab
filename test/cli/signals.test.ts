import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());

// Servers that are this slow elect and lose leaders for ever, and lost messages make each round another: nothing here can be leapt over, and the wait takes
// far longer than any test.
const long = 'set x 1\nslow b 3s; slow c 3s; loss a b 50%\nwait 9000d\nset x 2\n';

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s takes a running command back and ends the program with %d', async (signal, code) => {
    place.file('long.cap', long);
    const running = place.start(['run', 'long.cap', '--json']);
    await running.saw('"n":4');
    running.kill(signal);
    const ended = await running.ended;
    expect(ended.code).toBe(code);
    expect(ended.stderr).toBe('cap-tutor: interrupted; the command on long.cap:3 was taken back: wait 9000d\n');
    expect(ended.stdout).not.toContain('"n":5');
    expect(ended.stdout).not.toContain('summary');
  });

  it('ends the program while it waits for input, too', async () => {
    const running = place.start(['run', '-', '--json']);
    running.write('set x 1\n');
    await running.saw('"n":1');
    running.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });

  it('says in TAP that something is missing', async () => {
    place.file('tap.cap', `expect no leader\n${long}`);
    const running = place.start(['run', 'tap.cap', '--format', 'tap']);
    await running.saw('not ok 1');
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ stdout: expect.stringMatching(/\nBail out! interrupted\n$/), code: 143 });
  });
});

describe('a closed pipe', () => {
  it('ends the program quietly', async () => {
    const running = place.start(['run', '-']);
    running.write('set x 1\n');
    await running.saw('ok');
    running.closeStdout();
    // Input has no end: without the broken pipe the program would wait for ever.
    running.write('read x\n'.repeat(2000));
    expect(await running.ended).toMatchObject({ stderr: '', code: 0 });
  });
});
