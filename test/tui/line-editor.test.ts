import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Completer } from '../../src/shells/terminal/completion.ts';
import { Decoder } from '../../src/shells/terminal/decoder.ts';
import { bindings } from '../../src/shells/terminal/edit-commands.ts';
import type { InputEvent } from '../../src/shells/terminal/keys.ts';
import { key } from '../../src/shells/terminal/keys.ts';
import { splitGraphemes } from '../../src/shells/terminal/line.ts';
import { createEditor, type Editor, type Outcome, press } from '../../src/shells/terminal/line-editor.ts';

const K = { up: '\x1b[A', down: '\x1b[B', left: '\x1b[D', right: '\x1b[C', enter: '\r', tab: '\t', undo: '\x1f', esc: '\x1b' };
const ctrl = (c: string): string => String.fromCharCode(c.charCodeAt(0) & 31);
const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

/** Types bytes at a prompt; returns it with the outcomes that were not plain edits. */
function type(editor: Editor, bytes: string, completer?: Completer): { editor: Editor; outcomes: Outcome[] } {
  const decoder = new Decoder();
  const outcomes: Outcome[] = [];
  let now = editor;
  for (const event of [...decoder.push(bytes), ...decoder.flush()]) {
    const next = press(now, event, completer);
    now = next.editor;
    if (next.outcome.type !== 'edited') outcomes.push(next.outcome);
  }
  return { editor: now, outcomes };
}

/** The line after typing, the cursor as `|`. */
function shown(editor: Editor): string {
  return `${editor.line.text.slice(0, editor.line.pos)}|${editor.line.text.slice(editor.line.pos)}`;
}

const lineAfter = (bytes: string, history: string[] = [], completer?: Completer): string =>
  shown(type(createEditor(history), bytes, completer).editor);

describe('editing', () => {
  it.each([
    ['letters and arrows', `ab${K.left}c`, 'ac|b'],
    ['home and end', `ab${ctrl('a')}x${ctrl('e')}y`, 'xaby|'],
    ['backspace and delete', `abcd${K.left}\x7f\x1b[3~`, 'ab|'],
    ['a whole emoji at once', '👩‍👩‍👧é\x7f\x7f', '|'],
    ['a flag is one step', `a🇩🇪${K.left}x`, 'ax|🇩🇪'],
    ['words by Alt', 'set key-one 5\x1bb\x1bbx', 'set key-x|one 5'],
    ['Ctrl-W takes to the blank', `set x@c v ${ctrl('w')}`, 'set x@c |'],
    ['Alt-Backspace takes a word', 'set key-one\x1b\x7f', 'set key-|'],
    ['Alt-D', `set x 1${ctrl('a')}\x1bd`, '| x 1'],
    ['kill to the end and yank', `abc def${K.left}${K.left}${ctrl('k')}${ctrl('a')}${ctrl('y')}`, 'ef|abc d'],
    ['kills in a row add up', `one two three${ctrl('w')}${ctrl('w')}${ctrl('a')}${ctrl('y')}`, 'two three|one '],
    ['transpose', `ab${ctrl('t')}`, 'ba|'],
    ['Ctrl-U', `abc def\x1bb${ctrl('u')}`, '|def'],
    ['undo of a kill', `abc def${ctrl('u')}${K.undo}`, 'abc def|'],
    ['undo goes word by word', `set x 1${K.undo}`, 'set x |'],
  ])('%s', (_what, bytes, expected) => {
    expect(lineAfter(bytes)).toBe(expected);
  });

  it('submits, interrupts, ends and passes on what is not its own', () => {
    const { editor, outcomes } = type(createEditor(), `read x${K.enter}ab${ctrl('c')}${ctrl('d')}\x1b[5~${K.tab}${ctrl('l')}`);
    expect(outcomes).toEqual([
      { type: 'submit', lines: ['read x'] },
      { type: 'interrupt' },
      { type: 'end' },
      { type: 'pass' },
      { type: 'pass' },
      { type: 'clear' },
    ]);
    expect(editor.line.text).toBe('');
    expect(lineAfter(`ab${ctrl('a')}${ctrl('d')}`)).toBe('|b');
  });

  it('keeps pasted lines apart and waits for Enter', () => {
    const pasted = type(createEditor(), paste('set x 1\r\nread\tx # why\r\n'));
    expect(pasted.outcomes).toEqual([]);
    expect(type(pasted.editor, K.enter).outcomes).toEqual([{ type: 'submit', lines: ['set x 1', 'read x # why'] }]);
    expect(lineAfter(`${paste('set x 1')}${K.enter}${K.up}`)).toBe('set x 1|');
  });

  it('edits a megabyte without a pause that one would feel', () => {
    const editor = type(createEditor(), paste('x'.repeat(1_000_000))).editor;
    const started = performance.now();
    const end = type(editor, `${K.left}${K.left}a\x7f${ctrl('w')}${K.undo}`).editor;
    expect(end.line.text.length).toBe(1_000_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('history', () => {
  const old = ['set x 1', 'read x', 'partition a b'];

  it.each([
    ['up and up', K.up + K.up, 'read x|'],
    ['not beyond the oldest', K.up.repeat(9), 'set x 1|'],
    ['down comes back to the draft', `dra${K.up}${K.up}${K.down}${K.down}ft`, 'draft|'],
    ['an edited entry keeps its edit', `${K.up}!${K.up}${K.down}`, 'partition a b!|'],
    ['Alt-<', '\x1b<', 'set x 1|'],
    ['search', `${ctrl('r')}x`, 'read |x'],
    ['search again', `${ctrl('r')}x${ctrl('r')}`, 'set |x 1'],
    ['search forward', `${ctrl('r')}x${ctrl('r')}${ctrl('s')}`, 'read |x'],
    ['a failed search keeps the last match', `${ctrl('r')}xq`, 'read |x'],
    ['backspace looks again', `${ctrl('r')}set\x7f\x7f\x7fa`, 'p|artition a b'],
    ['giving up', `abc${ctrl('r')}x${ctrl('g')}`, 'abc|'],
    ['Escape gives up', `abc${ctrl('r')}x${K.esc}`, 'abc|'],
    ['a key ends the search and acts', `${ctrl('r')}x${ctrl('a')}#`, '#|read x'],
    ['undo takes a found line back', `abc${ctrl('r')}x${ctrl('e')}${K.undo}`, 'abc|'],
  ])('%s', (_what, bytes, expected) => {
    expect(lineAfter(bytes, old)).toBe(expected);
  });

  it('says whether a search is on and has failed', () => {
    const { editor } = type(createEditor(old), `${ctrl('r')}xq`);
    expect(editor.search).toMatchObject({ query: 'xq', failed: true });
    expect(type(editor, K.enter).outcomes).toEqual([{ type: 'submit', lines: ['read x'] }]);
  });

  it('remembers what was entered, but no blanks and no repeats', () => {
    const { editor } = type(createEditor(), ['a', 'a', '', '  ', 'b'].map((l) => l + K.enter).join(''));
    expect(editor.history.entries).toEqual(['a', 'b']);
    expect(createEditor(Array.from({ length: 1200 }, (_, i) => `${i}`)).history.entries).toHaveLength(1000);
  });

  it('forgets edits of old entries once a line is entered', () => {
    expect(lineAfter(`${K.up}!${K.up}${K.enter}${K.up}${K.up}`, old)).toBe('partition a b|');
  });
});

describe('completion', () => {
  const verbs = ['set ', 'settle ', 'show ', 'read '];
  const completer: Completer = (line, cursor) => {
    const from = line.lastIndexOf(' ', cursor - 1) + 1;
    const stem = line.slice(from, cursor).toLowerCase();
    return { from, to: cursor, candidates: verbs.filter((v) => v.startsWith(stem)).map((text) => ({ text })) };
  };

  it.each([
    ['one candidate', `r${K.tab}`, 'read |'],
    ['the common part', `se${K.tab}`, 'set|'],
    ['in another case', `SE${K.tab}`, 'set|'],
    ['in the middle', `x r y${K.left}${K.left}${K.tab}`, 'x read |y'],
    ['nothing', `q${K.tab}${K.tab}`, 'q|'],
    ['undo', `r${K.tab}${K.undo}`, 'r|'],
  ])('%s', (_what, bytes, expected) => {
    expect(lineAfter(bytes, [], completer).replace('  ', ' ')).toBe(expected);
  });

  it('lists on the second Tab, and takes the list away on the next key', () => {
    const first = type(createEditor(), `s${K.tab}`, completer).editor;
    expect(first.choices).toEqual([]);
    const second = type(first, K.tab, completer).editor;
    expect(second.choices.map((c) => c.text)).toEqual(['set ', 'settle ', 'show ']);
    expect(type(second, 'h', completer).editor.choices).toEqual([]);
    expect(shown(type(second, K.esc, completer).editor)).toBe('s|');
  });

  it('survives a completer that points outside the line', () => {
    expect(lineAfter(`ab${K.tab}`, [], () => ({ from: 1, to: 99, candidates: [{ text: 'x' }] }))).toBe('ab|');
  });
});

const plainKeys = [...bindings.keys()].map((id) => {
  const [, mods = '', name = ''] = /^((?:[CM]-)*)(.+)$/.exec(id) ?? [];
  return key(name, (mods.includes('C') ? 4 : 0) + (mods.includes('M') ? 2 : 0));
});
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 });
const event: fc.Arbitrary<InputEvent> = fc.oneof(
  { weight: 3, arbitrary: anyText.map((text): InputEvent => ({ type: 'text', text })) },
  { weight: 1, arbitrary: fc.constantFrom('\u0301', '🇩', ' ', '\u200d', '👩').map((text): InputEvent => ({ type: 'text', text })) },
  { weight: 1, arbitrary: anyText.map((text): InputEvent => ({ type: 'paste', text })) },
  { weight: 4, arbitrary: fc.constantFrom(...plainKeys) },
  { weight: 1, arbitrary: fc.constantFrom(key('up'), key('down'), key('r', 4), key('tab'), key('_', 4), key('escape'), key('g', 4)) },
);
const loose: Completer = (line, cursor) => ({
  from: Math.max(0, cursor - 1),
  to: Math.min(line.length, cursor + 1),
  candidates: [{ text: 'e\u0301 ' }],
});
const run = (events: readonly InputEvent[], from = createEditor(['set x 1', '🇩🇪 한', 'e\u0301'])): Editor =>
  events.reduce((editor, e) => press(editor, e, loose).editor, from);

describe('laws of the editor', () => {
  it('does not care how many letters come at once', () => {
    const letters = fc.array(fc.constantFrom('s', 'e', 't', ' ', 'x', 'é', '🇩🇪'), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), letters, (events, typed) => {
        const before = run(events);
        // A letter that melts into its neighbour (a lone accent, half a flag) is another letter: not meant here.
        const { text, pos } = before.line;
        const alone = splitGraphemes(text.slice(0, pos) + typed.join('') + text.slice(pos)).length;
        fc.pre(alone === splitGraphemes(text.slice(0, pos)).length + typed.length + splitGraphemes(text.slice(pos)).length);
        const atOnce = run([{ type: 'text', text: typed.join('') }], before);
        expect(
          run(
            typed.map((text) => ({ type: 'text', text })),
            before,
          ),
        ).toEqual(typed.length === 0 ? before : atOnce);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the cursor between two graphemes, and no control character on the line', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const { text, pos } = run(events).line;
        const places = new Set([0]);
        let at = 0;
        for (const part of splitGraphemes(text)) places.add((at += part.length));
        expect(places.has(pos), `${JSON.stringify(text)} at ${pos}`).toBe(true);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 1500 },
    );
  });

  it('finds the graphemes of a long text', () => {
    // None of these melts with a neighbour, so what must come out is what went in.
    const one = fc.constantFrom('e\u0301', `e${'\u0301'.repeat(700)}`, '🇩🇪', '👩‍👩‍👧', '한', '\r\n');
    const parts = fc.array(
      fc.oneof(
        one.map((g) => [g]),
        fc.constant([...'a'.repeat(200)]),
      ),
      { maxLength: 60, size: 'max' },
    );
    fc.assert(
      fc.property(parts, (some) => {
        expect(splitGraphemes(some.flat().join(''))).toEqual(some.flat());
      }),
      { numRuns: 30 },
    );
  });

  it('finds a family wherever a stretch of the text ends in it', () => {
    for (let n = 500; n < 520; n++) expect(splitGraphemes(`${'a'.repeat(n)}👩‍👩‍👧b`).slice(n)).toEqual(['👩‍👩‍👧', 'b']);
  });

  it('undo gives back the line before the last change', () => {
    const change = fc.oneof(
      fc.constantFrom(...plainKeys),
      anyText.map((text): InputEvent => ({ type: 'paste', text })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), change, (events, last) => {
        const before = run([...events, { type: 'paste', text: '' }]); // ends a search that may be on
        const changed = press(before, last).editor;
        if (changed.line.text === before.line.text) return;
        expect(press(changed, key('_', 4)).editor.line).toEqual(before.line);
      }),
      { numRuns: 1500 },
    );
  });

  it('undo, repeated, ends at the empty line one began with', () => {
    const edits = fc.oneof(
      anyText.map((text): InputEvent => ({ type: 'text', text })),
      fc.constantFrom(...plainKeys),
    );
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 40 }), (events) => {
        // Text of several words is several steps, so one for each letter is enough.
        const undos = events.flatMap((e) => Array.from(e.type === 'key' ? '.' : e.text, () => key('_', 4)));
        expect(run(undos, run(events, createEditor())).line.text).toBe('');
      }),
    );
  });
});
