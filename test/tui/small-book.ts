import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A chapter with one of everything that a page can hold, short enough for a small screen. */
export const smallChapter = `---
title: Small
slug: small
minutes: 10
summary: One of everything.
---

# Small

The first page says **little**.

\`\`\`cap
use etcd
set x init
read x
expect init
\`\`\`

A second block goes on where the first ended.

\`\`\`cap
set x apple
expect x@a = apple
\`\`\`

## Guess

\`\`\`exercise
kind: predict
slug: who-answers
title: Who answers?
setup: |
  use etcd
  set x init
  partition a b | c
question: "c is cut off. \`read x@c timeout=1s\`: what comes?"
command: read x@c timeout=1s
choices:
  - text: init, from its own copy
    expect: expect init
    feedback: It asks the leader first.
  - text: no answer
    expect: expect unknown
hints:
  - Whom does c ask?
  - It asks a, and a is out of reach.
lesson: Silence is all that c has.
\`\`\`

## Reach

\`\`\`exercise
kind: do
slug: make-it-pear
title: Make it pear
setup: |
  use etcd
  set x init
question: Get \`pear\` read from x.
goal: expect pear
hints:
  - Write it first.
solution: |
  set x pear
  read x
near:
  - commands: set x pear
    feedback: It is written. Nobody has read it.
lesson: Write, then read.
\`\`\`

## Long

${Array.from({ length: 60 }, (_, i) => `Paragraph ${i + 1} of many, with enough words in it to be wrapped on a narrow screen.`).join('\n\n')}
`;

/** A folder with the small chapter and others. */
export function bookFolder(parent: string, others: Readonly<Record<string, string>> = {}): string {
  const folder = join(parent, 'book');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ '01-small.md': smallChapter, ...others })) writeFileSync(join(folder, name), text);
  return folder;
}
