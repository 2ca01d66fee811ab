import { describe, expect, it } from 'vitest';
import {
  chapterProgress,
  type ExerciseProgress,
  exerciseDone,
  exerciseProgress,
  FRESH,
  mergeProgress,
  NOT_TRIED,
  type Progress,
  readProgress,
  sectionRead,
  stoppedAt,
  writeProgress,
} from '../../src/book/progress.ts';

const solved: ExerciseProgress = { state: 'solved', attempts: 2, hints: 1, sawSolution: false, confidence: 80 };

const some = (): Progress => {
  const read = sectionRead(sectionRead(FRESH, 'cap', 'start'), 'cap', 'what-a-partition-is');
  return stoppedAt(exerciseDone(read, 'cap', 'stale-on-purpose', solved), { chapter: 'cap', section: 'what-a-partition-is' });
};

describe('progress', () => {
  it('comes back from its text as it was', () => {
    expect(readProgress(writeProgress(some()))).toEqual({ progress: some(), file: 'fine' });
    expect(readProgress(writeProgress(FRESH))).toEqual({ progress: FRESH, file: 'fine' });
  });

  it('knows nothing of what was never opened', () => {
    expect(chapterProgress(some(), 'constructor').read.size).toBe(0);
    expect(exerciseProgress(some(), 'cap', 'toString')).toBe(NOT_TRIED);
  });

  it('gives new values and leaves old ones alone', () => {
    const before = some();
    const text = writeProgress(before);
    sectionRead(before, 'cap', 'more');
    exerciseDone(before, 'cap', 'other', solved);
    expect(writeProgress(before)).toBe(text);
  });

  it('never takes back what was solved', () => {
    const again = exerciseDone(some(), 'cap', 'stale-on-purpose', {
      state: 'open',
      attempts: 5,
      hints: 0,
      sawSolution: true,
      confidence: 95,
    });
    expect(exerciseProgress(again, 'cap', 'stale-on-purpose')).toEqual({
      state: 'solved',
      attempts: 5,
      hints: 1,
      sawSolution: true,
      confidence: 80,
    });
  });

  it('merges two records of one reader without loss, however often', () => {
    const a = some();
    const skipped = exerciseDone(sectionRead(FRESH, 'cap', 'end'), 'cap', 'other', { ...NOT_TRIED, state: 'skipped' });
    const b = stoppedAt(exerciseDone(skipped, 'replication', 'first', { ...NOT_TRIED, state: 'missed', confidence: 60 }), {
      chapter: 'cap',
      section: 'end',
    });
    const merged = mergeProgress(a, b);
    expect([...chapterProgress(merged, 'cap').read].sort()).toEqual(['end', 'start', 'what-a-partition-is']);
    expect(exerciseProgress(merged, 'cap', 'stale-on-purpose')).toEqual(solved);
    expect(exerciseProgress(merged, 'cap', 'other').state).toBe('skipped');
    expect(exerciseProgress(merged, 'replication', 'first')).toMatchObject({ state: 'missed', confidence: 60 });
    expect(merged.at).toEqual(b.at);
    expect(mergeProgress(merged, b)).toEqual(merged);
    expect({ ...mergeProgress(b, a), at: undefined }).toEqual({ ...merged, at: undefined });
    expect(mergeProgress(a, FRESH)).toEqual(a);
  });
});

describe('a progress file', () => {
  const text = writeProgress(some());
  const spoilt = (from: string, to: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  it('cut anywhere is put aside, and the reader starts afresh', () => {
    for (let length = 0; length < text.trimEnd().length; length++) {
      expect(readProgress(text.slice(0, length))).toMatchObject({ progress: FRESH, file: 'put aside' });
    }
  });

  it.each([
    ['no JSON', 'hello', /it is cut off, or is no JSON; it is put aside/],
    ['a list', '[]', /it holds no record/],
    ['null', 'null', /it holds no record/],
    ['no version', '{"chapters":{}}', /its version is missing or wrong/],
    ['a wrong version', '{"version":"1","chapters":{}}', /its version is missing or wrong/],
    ['no chapters', '{"version":1}', /its chapters are missing/],
    ['a chapter that is none', '{"version":1,"chapters":{"cap":[]}}', /chapter "cap" is damaged/],
    ['a slug that is none', '{"version":1,"chapters":{"__proto__x":{"read":[],"exercises":{}}}}', /chapter "__proto__x" is damaged/],
    ['control characters', '{"version":1,"chapters":{"\\u001b[31m":1}}', /chapter "·\[31m" is damaged/],
    ['a section that is none', spoilt('"start"', '7'), /damaged/],
    ['a state that is none', spoilt('"solved"', '"won"'), /damaged/],
    ['a count below zero', spoilt('"attempts": 2', '"attempts": -2'), /damaged/],
    ['half a hint', spoilt('"hints": 1', '"hints": 0.5'), /damaged/],
    ['confidence beyond reason', spoilt('"confidence": 80', '"confidence": 101'), /damaged/],
    ['a place that is none', spoilt('"chapter": "cap"', '"chapter": 1'), /the place is damaged/],
    ['more than 4 MB', `"${'x'.repeat(4 * 1024 * 1024)}"`, /larger than 4 MB/],
  ])('with %s is put aside', (_, damaged, says) => {
    const { progress, problem, file } = readProgress(damaged);
    expect([progress, file]).toEqual([FRESH, 'put aside']);
    expect(problem?.toString()).toMatch(says);
  });

  it('of a newer version is left alone', () => {
    const { progress, problem, file } = readProgress(spoilt('"version": 1', '"version": 2'));
    expect([progress, file]).toEqual([FRESH, 'leave alone']);
    expect(problem?.toString()).toMatch(/of version 2, and this program knows versions up to 1; it is left alone/);
  });
});
