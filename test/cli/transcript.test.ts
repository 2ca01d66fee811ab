import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript, withOutputs } from '../../src/book/transcript.ts';
import { LineCutter } from '../../src/shells/lines.ts';
import { unifiedDiff } from '../../src/shells/verify/diff.ts';

const line = fc.constantFrom(
  '> set x 1',
  '> ',
  '>',
  'output',
  '',
  '  ',
  '## A',
  '# B',
  '```cap transcript',
  '```cap',
  '```',
  '~~~',
  'prose\r',
  '> read x\r',
);
const file = fc.tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('a.md', 'a.txt'));

describe('a transcript', () => {
  it('is the same file when its own outputs are put back', () => {
    fc.assert(
      fc.property(file, ([lines, name]) => {
        const transcript = readTranscript(lines.join('\n'), name);
        const own = transcript.worlds
          .flat()
          .map(
            (step) => [step, transcript.lines.slice(step.output?.from, step.output?.to).map((text) => text.replace(/\r$/, ''))] as const,
          );
        // A CR that only the output has is the one thing that recording changes: line ends follow the command's.
        const even = (text: string): string => text.replaceAll('\r', '');
        expect(even(withOutputs(transcript, new Map(own)))).toBe(even(lines.join('\n')));
      }),
    );
  });

  it('reads back what was recorded', () => {
    fc.assert(
      fc.property(file, fc.array(fc.constantFrom('one', 'two words', '> no'), { maxLength: 3 }), ([lines, name], output) => {
        const safe = output.filter((text) => !text.startsWith('>'));
        const transcript = readTranscript(lines.join('\n'), name);
        const again = readTranscript(withOutputs(transcript, new Map(transcript.worlds.flat().map((step) => [step, safe]))), name);
        expect(again.worlds.map((steps) => steps.map(({ source }) => source))).toEqual(
          transcript.worlds.map((steps) => steps.map(({ source }) => source)),
        );
        for (const step of again.worlds.flat()) {
          if (step.output !== undefined)
            expect(again.lines.slice(step.output.from, step.output.to).map((text) => text.replace(/\r$/, ''))).toEqual(safe);
        }
      }),
    );
  });
});

/** What `patch` does: the new text from the old one and a unified diff. */
function patched(before: readonly string[], diff: readonly string[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (const text of diff.slice(2)) {
    const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(text);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      out.push(...before.slice(at, start));
      at = start;
      expect(out.length + (head[4] === '0' ? 0 : 1)).toBe(Number(head[3]));
    } else {
      if (text[0] !== '+') expect(before[at++]).toBe(text.slice(1));
      if (text[0] !== '-') out.push(text.slice(1));
    }
  }
  return [...out, ...before.slice(at)];
}

describe('a unified diff', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 25 });

  it('leads from the one to the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(patched(before, unifiedDiff(before, after, 'x'))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  it('is as short as it can be', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = unifiedDiff(before, after, 'x')
          .slice(2)
          .filter((one) => one[0] === '+' || one[0] === '-');
        expect(changes).toHaveLength(before.length + after.length - 2 * longestCommon(before, after));
      }),
      { numRuns: 500 },
    );
  });
});

/** The length of the longest common subsequence, the plain way. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) next.push(one === b[j] ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('lines from a stream', () => {
  it('do not depend on where the chunks were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('set x 1\n', 'é', '\r\n', '\n', '世界 ✓', ' # c'), { maxLength: 12 }),
        fc.array(fc.nat(40)),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''));
          const cutter = new LineCutter();
          const got: unknown[] = [];
          let at = 0;
          for (const cut of cuts) {
            got.push(...cutter.push(bytes.subarray(at, at + cut)));
            at = Math.min(bytes.length, at + cut);
          }
          got.push(...cutter.push(bytes.subarray(at)), ...cutter.end());
          const whole = parts.join('').split('\n');
          if (whole.at(-1) === '') whole.pop();
          expect(got).toEqual(whole.map((one) => one.replace(/\r$/, '')));
        },
      ),
    );
  });
});
