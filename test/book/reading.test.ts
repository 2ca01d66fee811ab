import { describe, expect, it } from 'vitest';
import { readChapter } from '../../src/book/chapter.ts';
import { listChapters, readBook } from '../../src/book/library.ts';
import { chapterOf, DO, FRONT, fence, PREDICT, reading, said } from './chapters.ts';

const problems = (body: string, front = FRONT): string[] => reading(body, front).problems.map(said);
const exercise = (yaml: string): string[] => problems(fence('exercise', yaml));

describe('a chapter', () => {
  it('becomes sections with blocks in their order', () => {
    const body = `# A small chapter\n\nOpening.\n\n## First one\n\nText.\n\n### Smaller\n\n${fence('cap', 'set x apple # why\n\nread x; read x@b')}\n<!-- S7, S8 -->\n\nMore.\n\n${fence('text', '## no heading')}\n## Second <!-- #two -->\n\n${fence('cap transcript', '> read x\n✓ ok  apple\n> show')}`;
    const { sections } = chapterOf(body);
    expect(sections.map(({ slug, title, number, level, blocks }) => [slug, title, number, level, blocks.map(({ kind }) => kind)])).toEqual([
      ['start', 'A small chapter', '7', 1, ['prose']],
      ['first-one', 'First one', '7.1', 2, ['prose', 'run', 'prose']],
      ['two', 'Second', '7.2', 2, ['run']],
    ]);
    expect(sections[1]?.claims.map(({ id }) => id)).toEqual(['S7', 'S8']);
    expect(sections[1]?.blocks[2]).toMatchObject({ markdown: 'More.\n\n```text\n## no heading\n```' });
    expect(sections[1]?.blocks[1]).toMatchObject({
      recorded: false,
      lines: [
        { source: 'set x apple # why', line: 18, statements: [{ verb: 'set' }] },
        { source: 'read x; read x@b', line: 20, statements: [{ verb: 'read' }, { verb: 'read', at: { text: 'b' } }] },
      ],
    });
    expect(sections[2]?.blocks[0]).toMatchObject({ recorded: true, lines: [{ output: ['✓ ok  apple'] }, { source: 'show', output: [] }] });
  });

  it('reads the same with a mark of order, and with lines that end in CRLF', () => {
    const text = `${FRONT}Text.\n\n${fence('cap', 'read x')}`;
    const one = readChapter(text, '07-small.md');
    expect(one.problems).toEqual([]);
    expect(readChapter(`\ufeff${text.replaceAll('\n', '\r\n')}`, '07-small.md')).toEqual(one);
  });

  it('keeps a broken block in its place and goes on', () => {
    const { chapter, problems: found } = reading(`Text.\n\n${fence('cap', 'set x "')}\nMore.\n`);
    expect(chapter?.sections[0]?.blocks.map(({ kind }) => kind)).toEqual(['prose', 'broken', 'prose']);
    expect(found.map(said)).toEqual([expect.stringMatching(/^07-small\.md:10:7: /)]);
  });
});

describe('mistakes in the front matter', () => {
  const front = (text: string): string[] => problems('Text.\n', text);

  it.each([
    ['none at all', 'Text.\n', /^07-small\.md:1:1: the front matter is missing; begin the file with a line ---/],
    ['not closed', '---\ntitle: x\n', /^07-small\.md:1:1: the front matter is never closed/],
    ['a missing key', FRONT.replace('minutes: 1\n', ''), /^07-small\.md:2:1: the front matter needs minutes:; for example minutes: 25/],
    ['an empty key', FRONT.replace('minutes: 1', 'minutes:'), /^07-small\.md:4:1: minutes: is empty/],
    [
      'a misspelt key',
      FRONT.replace('summary: For', 'sumary: x\nsummary: For'),
      /^07-small\.md:5:1: .* no key sumary:; did you mean summary:\?/,
    ],
    ['a stranger', FRONT.replace('summary', 'weather: x\nsummary'), /no key weather:; it may have: title, slug, minutes, summary/],
    ['a key twice', FRONT.replace('slug', 'title: y\nslug'), /^07-small\.md:3:1: title: is given twice/],
    ['a slug that is none', FRONT.replace('slug: small', 'slug: Über uns'), /^07-small\.md:3:7: "Über uns" is not a slug/],
    [
      'minutes that are none',
      FRONT.replace('minutes: 1', 'minutes: soon'),
      /^07-small\.md:4:10: minutes: must be a whole number from 1 to 600, not "soon"/,
    ],
    ['minutes without end', FRONT.replace('minutes: 1', 'minutes: 601'), /must be a whole number/],
    ['a colon in a text', FRONT.replace('A small', 'CAP: a'), /^07-small\.md:2:\d+: YAML: /],
    ['a list', '---\n- title\n---\n', /^07-small\.md:2:1: the front matter is written as key: value/],
    ['a list for a text', FRONT.replace('A small chapter', '[a, b]'), /^07-small\.md:2:8: title: must be a text/],
  ])('%s', (_, text, says) => {
    expect(front(text)).toEqual([expect.stringMatching(says)]);
  });

  it('are all said at once', () => {
    expect(front('---\ntitel: x\n---\n')).toHaveLength(5);
  });

  it('are read however deep, large or odd it is', () => {
    expect(front(`---\ntitle: ${'['.repeat(100_000)}\n---\n`)).toEqual([expect.stringMatching(/longer than 64 kB/)]);
    expect(front(`---\ntitle: ${'['.repeat(1000)}\n---\n`)).toEqual([expect.stringMatching(/^07-small\.md:2:\d+: YAML: nesting/)]);
  });

  it('a file that is not named as a chapter', () => {
    expect(readChapter(FRONT, 'notes.md').problems.map(said)).toEqual([
      expect.stringMatching(/notes\.md is not named as a chapter; name it for example 02-/),
    ]);
  });
});

describe('a chapter from a stranger', () => {
  it.each([
    ['a tag', 'title: !!js/function "x"', /^07-small\.md:2:8: a chapter has no tags/],
    ['an anchor', 'title: &a x', /^07-small\.md:2:9: a chapter has no anchors/],
    ['an alias', 'title: *a', /^07-small\.md:2:\d: a chapter has no aliases/],
    ['a second document', 'title: x\n--- \nslug: y\n...\n--- x', /^07-small\.md:\d+:1: /],
  ])('may not use %s of YAML', (_, line, says) => {
    expect(problems('', FRONT.replace('title: A small chapter', line))[0]).toMatch(says);
  });

  it.each([
    ['an escape', 'a\u001b[31mred'],
    ['a bell', 'a\u0007'],
    ['a C1 control', 'a\u009b31m'],
    ['a bidirectional override', 'a\u202eb'],
    ['half a character', 'a\ud800'],
  ])('may not hold %s', (_, text) => {
    const { chapter, problems: found } = reading(`Text.\n${text}\n`);
    expect(chapter).toBeUndefined();
    expect(found.map(said)).toEqual([expect.stringMatching(/^07-small\.md:8:2: a character here would steer the terminal/)]);
  });

  it('cannot make a control character out of YAML either', () => {
    expect(reading('', FRONT.replace('A small chapter', '"A\\e[31m\\x9b\\u202e"')).chapter?.title).toBe('A·[31m··');
  });

  it('can put its keys nowhere', () => {
    const { chapter } = reading('', FRONT.replace('summary', '__proto__: { polluted: yes }\nconstructor: x\nsummary'));
    expect(chapter).toBeDefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a chapter that was damaged', () => {
  const whole =
    FRONT + fence('cap', 'read x') + fence('exercise', PREDICT) + fence('cap transcript', '> read x\nok') + fence('exercise', DO);
  const inside = (text: string): boolean =>
    readChapter(text, '07-small.md').problems.every(({ at }) => {
      const line = text.split('\n')[(at?.line ?? 0) - 1];
      return at?.file === '07-small.md' && line !== undefined && at.from >= 0 && at.from < at.to;
    });

  it('cut anywhere is read all the same, and every problem lies in the file', () => {
    for (let length = 0; length <= whole.length; length += 2) expect(inside(whole.slice(0, length)), `cut at ${length}`).toBe(true);
  });

  it('with any character changed is read all the same', () => {
    const odd = ['\n', ' ', ':', '-', '"', '`', '#', '\t', '[', '|', '&', '\u0000'];
    for (let at = 0; at < whole.length; at += 5) {
      const text = whole.slice(0, at) + (odd[(at / 5) % odd.length] ?? '') + whole.slice(at + 1);
      expect(inside(text), `changed at ${at}`).toBe(true);
    }
  });
});

describe('mistakes in a page', () => {
  it.each([
    ['a fence that is never closed', '```cap\nread x\n', /^07-small\.md:7:1: this fence is never closed; end it with a line ```/],
    [
      'a fence of ours that there is not',
      fence('cap recorded', 'read x'),
      /^07-small\.md:7:1: there is no fence "cap recorded"; write cap, cap transcript or exercise/,
    ],
    ['a block without a command', fence('cap', '# nothing'), /^07-small\.md:7:1: there is no command in this block/],
    ['output before any command', fence('cap transcript', 'ok'), /^07-small\.md:8:1: a transcript begins with a command/],
    ['a broken command in a transcript', fence('cap transcript', '> set x "'), /^07-small\.md:8:9: /],
    ['two sections of one slug', '## One\n## One\n', /^07-small\.md:8:1: the slug one is taken/],
    [
      'a section without a slug',
      '## ···\n',
      /^07-small\.md:7:1: this section has no slug of its own; give it one: ## Title <!-- #my-slug -->/,
    ],
    ['a heading that is no section', '## One\n\n# Two\n', /^07-small\.md:9:1: a heading # here is neither/],
    [
      'two exercises of one slug',
      fence('exercise', PREDICT) + fence('exercise', PREDICT),
      /the slug stale-copy is taken by an earlier exercise/,
    ],
  ])('%s', (_, body, says) => {
    expect(problems(body)).toEqual([expect.stringMatching(says)]);
  });
});

describe('mistakes in an exercise', () => {
  it.each([
    ['no kind', PREDICT.replace('kind: predict\n', ''), /^07-small\.md:7:1: an exercise needs kind:/],
    [
      'a misspelt kind',
      PREDICT.replace('predict', 'perdict'),
      /^07-small\.md:8:7: there is no kind of exercise "perdict"; did you mean predict\?/,
    ],
    ['a kind to come', PREDICT.replace('kind: predict', 'kind: hunt'), /there is no kind of exercise "hunt"; one of predict, do/],
    ['no slug', PREDICT.replace('slug: stale-copy\n', ''), /a predict exercise needs slug:; for example slug: stale-follower/],
    ['a key of another kind', `${PREDICT}goal: expect ok\n`, /a predict exercise has no key goal:/],
    ['no command', PREDICT.replace('command: read x@c\n', ''), /command: is missing or empty/],
    ['a broken command', PREDICT.replace('command: read x@c', 'command: read "x'), /^07-small\.md:18:15: /],
    ['a broken command in a block', PREDICT.replace('settle', 'set x "'), /^07-small\.md:14:9: /],
    ['one choice', PREDICT.replace(/ {2}- value: apple[\s\S]*?hints/, 'hints'), /nothing to choose between/],
    ['a choice that says nothing', PREDICT.replace('- value: apple', '- text: apple'), /a choice must say what would make it right/],
    ['a choice in one word', PREDICT.replace('- value: init', '- init'), /^07-small\.md:20:5: a choice is written as key: value/],
    ['an outcome that is none', PREDICT.replace('value: init', 'outcome: okay'), /"okay" is no outcome; one of ok, fail, unknown/],
    ['a choice that acts', PREDICT.replace('expect not ok', 'set x pear'), /expect: holds expect lines only, not set/],
    ['no goal', DO.replace('goal: expect stale\n', ''), /a do exercise needs goal:/],
    [
      'a goal that acts',
      DO.replace('goal: expect stale', 'goal: heal; expect stale'),
      /^07-small\.md:16:7: goal: holds expect lines only, not heal/,
    ],
    ['no solution', DO.replace(/solution:[\s\S]*?also/, 'also'), /solution: is missing or empty/],
    ['a near miss without words', DO.replace(/\n {4}feedback: Nothing newer was written\./, ''), /a near miss needs feedback:/],
    ['a mapping for a hint', DO.replace('[Cut somebody off., ', '[{a: b}, '), /hints: must be a text; quote it/],
    ['a list', '- kind: do', /^07-small\.md:8:1: an exercise is written as key: value/],
    ['broken YAML', 'kind: do\n  slug: x', /^07-small\.md:9:\d+: YAML: /],
  ])('%s', (_, yaml, says) => {
    expect(exercise(yaml)).toEqual([expect.stringMatching(says)]);
  });

  it.each(['break', 'repair', 'design', 'order', 'judge', 'explain'])('kind %s: not yet', (kind) => {
    expect(exercise(PREDICT.replace('predict', kind))).toEqual([
      `07-small.md:8:7: exercises of kind ${kind} cannot be played: not yet; write a predict or a do`,
    ]);
  });

  it('are all said at once', () => {
    expect(exercise('kind: do\nslug: A B\nhint: x\nsolution: read "x')).toHaveLength(5);
  });
});

describe('the shelf', () => {
  it('lists chapters by number, and nothing else', () => {
    const names = ['10-z.md', 'README.md', '02-b.md', '1-a.md', '02-a.md', '3-.md', '.02-x.md', '04-c.txt', '99999-x.md'];
    expect(listChapters(names).map(({ file }) => file)).toEqual(['1-a.md', '02-a.md', '02-b.md', '10-z.md']);
  });

  it('does not let two chapters share their progress or their number', () => {
    const book = readBook([
      { file: '01-a.md', text: FRONT },
      { file: '02-b.md', text: FRONT },
      { file: '01-c.md', text: FRONT.replace('slug: small', 'slug: other') },
    ]);
    expect(book.chapters).toHaveLength(1);
    expect(book.problems.map(said)).toEqual([
      '02-b.md:1:1: 01-a.md has the slug small already; choose another',
      '01-c.md:1:1: 01-a.md has the number 1 already; choose another',
    ]);
  });
});
