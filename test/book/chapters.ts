import { readChapter } from '../../src/book/chapter.ts';
import type { Chapter, ChapterReading, Do, Exercise, Open, Predict } from '../../src/book/types.ts';
import { openSession } from '../../src/commands/index.ts';
import type { Problem } from '../../src/core/problem.ts';
import { must } from '../../src/core/unreachable.ts';

/** Small chapters for tests, written as an author would write them. */

export const FRONT = '---\ntitle: A small chapter\nslug: small\nminutes: 1\nsummary: For tests.\n---\n';

export const reading = (body: string, front = FRONT): ChapterReading => readChapter(front + body, '07-small.md');

export function chapterOf(body: string): Chapter {
  const { chapter, problems } = reading(body);
  if (problems.length > 0) throw new Error(`broken guarantee: the test's chapter can be read: ${problems.map(said).join('; ')}`);
  return must(chapter, 'a chapter without problems is there');
}

export const fence = (info: string, body: string): string => `\`\`\`${info}\n${body.trim()}\n\`\`\`\n`;

export function exerciseOf(yaml: string): Exercise {
  const block = chapterOf(fence('exercise', yaml)).sections[0]?.blocks[0];
  if (block?.kind !== 'exercise') throw new Error('broken guarantee: the chapter has one exercise');
  return block.exercise;
}

export function predictOf(yaml: string): Predict {
  const exercise = exerciseOf(yaml);
  if (exercise.kind !== 'predict') throw new Error('broken guarantee: it is a prediction');
  return exercise;
}

export function doOf(yaml: string): Do {
  const exercise = exerciseOf(yaml);
  if (exercise.kind !== 'do') throw new Error('broken guarantee: it is a do exercise');
  return exercise;
}

export const open: Open = (options) => openSession(options);

export const said = (problem: Problem): string => {
  const { file, line, from } = problem.at ?? {};
  const place = file === undefined ? '' : `${file}:${line ?? 0}:${(from ?? 0) + 1}: `;
  return `${place}${problem.toString()}`;
};

/** A prediction and a do exercise that pass the gate; the tests spoil them. */
export const PREDICT = `
kind: predict
slug: stale-copy
title: The old copy
setup: |
  use cassandra
  set x init
  settle
  partition a b | c
  set x apple @a
question: What does c answer?
command: read x@c
choices:
  - value: init
  - value: apple
    feedback: It cannot have heard of it.
  - text: an error
    expect: expect not ok
    feedback: One copy is enough.
hints: [Whom does c ask?, Nobody.]
`;

export const DO = `
kind: do
slug: make-it-stale
title: Old news
setup: |
  use etcd
  set x init
  wait 1s
question: Bring about a stale read.
goal: expect stale
hints: [Cut somebody off., Then ask it for its own copy.]
solution: |
  partition c
  set x apple @a
  read x@c level=serializable
also:
  - |
    delay a -> b 300ms
    set x apple
    read x@b level=serializable
near:
  - commands: |
      partition c
      read x@c level=serializable
    feedback: Nothing newer was written.
  - commands: |
      partition c
      set x apple
      read x@c
    feedback: An ordinary read refuses.
`;
