import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExerciseRun } from '../../src/book/exercise-run.ts';
import { readBook } from '../../src/book/library.ts';
import { FRESH } from '../../src/book/progress.ts';
import { finish } from '../../src/book/task.ts';
import type { Exercise } from '../../src/book/types.ts';
import { openSession } from '../../src/commands/index.ts';
import { Decoder } from '../../src/shells/terminal/decoder.ts';
import type { InputEvent } from '../../src/shells/terminal/keys.ts';
import { type Action, type BookState, type Effect, type LabRef, openingState } from '../../src/shells/tui/book-state.ts';
import { gone } from '../../src/shells/tui/follow.ts';
import { frameOf } from '../../src/shells/tui/frame.ts';
import { findPlace, lastPlace } from '../../src/shells/tui/places.ts';
import { reduce } from '../../src/shells/tui/reduce.ts';
import { styledWidth } from '../../src/shells/tui/styled.ts';
import { viewOf } from '../../src/shells/tui/view.ts';
import { keys } from '../harness/term.ts';
import { smallChapter } from './small-book.ts';

const second = smallChapter.replace('slug: small', 'slug: other').replaceAll('Small', 'Other');
const { chapters, problems } = readBook([
  { file: '01-small.md', text: smallChapter },
  { file: '02-other.md', text: second },
]);
const overview = openSession({}).overview();

function opened(columns = 110, rows = 30): BookState {
  const start = openingState({
    size: { columns, rows },
    look: { colour: false, ascii: false },
    chapters,
    problems,
    place: { chapter: 0, section: 0 },
    overview,
    progress: FRESH,
    history: ['an earlier line'],
    notes: [],
  });
  return gone(start, start.place);
}

const eventsOf = (typed: string): InputEvent[] => {
  const decoder = new Decoder();
  return [...decoder.push(typed), ...decoder.flush()];
};

/** The state after some keys, and everything that was asked for on the way. */
function press(state: BookState, typed: string): { readonly state: BookState; readonly effects: readonly Effect[] } {
  return eventsOf(typed).reduce<{ state: BookState; effects: readonly Effect[] }>(
    (now, event) => {
      const next = reduce(now.state, { type: 'input', event });
      return { state: next.state, effects: [...now.effects, ...next.effects] };
    },
    { state, effects: [] },
  );
}

const frame = (state: BookState): readonly string[] => frameOf(state, viewOf(state));
const screen = (state: BookState): string => frame(state).join('\n');
const asked = ({ effects }: { readonly effects: readonly Effect[] }): string[] => effects.map(({ type }) => type);

function prediction(): { readonly lab: LabRef & { readonly exercise: Exercise }; readonly exercise: Exercise } {
  const [chapter] = chapters;
  const section = chapter?.sections[1];
  const block = section?.blocks[0];
  if (block?.kind !== 'exercise' || chapter === undefined || section === undefined) throw new Error('the fixture has a prediction there');
  const { exercise } = block;
  return { lab: { chapter, section, exercise }, exercise };
}

describe('the page', () => {
  it('has the fixture that the other tests mean', () => {
    expect(problems).toEqual([]);
    expect(chapters.map(({ sections }) => sections.length)).toEqual([4, 4]);
  });

  it('marks a block, moves the mark, and asks for the marked block', () => {
    const state = opened();
    expect(screen(state)).toContain('▸   use etcd');
    const down = press(state, keys.down);
    expect(screen(down.state)).toContain('▸   set x apple');
    const ran = press(down.state, keys.enter);
    expect(ran.effects).toEqual([{ type: 'block', lab: expect.anything(), block: chapters[0]?.sections[0]?.blocks[3] }]);
  });

  it('turns from section to section, into the next chapter and no further', () => {
    const end = press(opened(), 'n'.repeat(20));
    expect(end.state.place).toEqual({ chapter: 1, section: 3 });
    expect(end.state.progress.at).toEqual({ chapter: 'other', section: 'long' });
    expect(screen(end.state)).toContain('this is the last section');
    expect(press(end.state, 'p'.repeat(20)).state.place).toEqual({ chapter: 0, section: 0 });
  });

  it('counts a section as read when its end was seen, not before', () => {
    const read = (state: BookState): boolean => state.progress.chapters.get('small')?.read.has('long') === true;
    const long = press(opened(), 'nnn').state;
    expect(read(long)).toBe(false);
    expect(read(press(long, ' ').state)).toBe(false);
    expect(read(press(long, 'G').state)).toBe(true);
  });

  it('goes where the list says', () => {
    const list = press(opened(), 'g');
    expect(screen(list.state)).toContain('▸ ✓ 1 Small');
    const there = press(list.state, `${keys.down}${keys.down}${keys.enter}`);
    expect(there.state.place).toEqual({ chapter: 0, section: 2 });
    expect(asked(there)).toEqual(['visit']);
  });

  it('keeps its place by its share of the text when the window changes', () => {
    const half = press(opened(110, 30), `nnn${' '.repeat(3)}`).state;
    const narrow = reduce(half, { type: 'resized', size: { columns: 50, rows: 20 } }).state;
    const share = (state: BookState): number => state.top / viewOf(state).page.rows.length;
    expect(Math.abs(share(half) - share(narrow))).toBeLessThan(0.02);
  });
});

describe('the prompt', () => {
  it('runs lines in the world on show, and hands words about the exercise on', () => {
    const typed = press(opened(), `${keys.tab}set x 1${keys.enter}`);
    expect(asked(typed)).toEqual(['remember', 'lines']);
    const playing = press(opened(), `nn${keys.enter}hint${keys.enter}skip${keys.enter}reset${keys.enter}read x${keys.enter}`);
    expect(asked(playing)).toEqual([
      'visit',
      'visit',
      'start',
      'remember',
      'hint',
      'remember',
      'skip',
      'remember',
      'reset',
      'remember',
      'lines',
    ]);
  });

  it('Tab on an empty line and Escape lead back, and the line waits', () => {
    expect(press(opened(), `${keys.tab}${keys.tab}`).state.mode.kind).toBe('page');
    const back = press(opened(), `${keys.tab}set x${keys.escape}`).state;
    expect(back.mode.kind).toBe('page');
    expect(screen(back)).toContain('> set x');
  });

  it('Ctrl-C gives up the line, takes back what runs, and on the page leaves', () => {
    const typed = press(opened(), `${keys.tab}set x${keys.ctrl('c')}`);
    expect(typed.state.editor.line.text).toBe('');
    expect(typed.state.quit).toBeUndefined();
    const running = reduce(typed.state, { type: 'began', what: 'wait' }).state;
    expect(asked(press(running, keys.ctrl('c')))).toEqual(['cancel']);
    const onPage = { ...running, mode: { kind: 'page' } as const };
    expect(asked(press(onPage, keys.ctrl('c')))).toEqual(['cancel']);
    expect(press({ ...onPage, running: undefined }, keys.ctrl('c')).state.quit).toBe(130);
  });
});

describe('exercises', () => {
  const guess = (): BookState => press(opened(), 'n').state;

  it('a prediction takes a choice and how sure one is, within bounds', () => {
    const all = press(guess(), `${keys.enter}${keys.down.repeat(9)}${keys.right.repeat(9)}${keys.enter}`);
    expect(all.effects.at(-1)).toMatchObject({ type: 'answer', choice: 1, confidence: 100 });
    const least = press(guess(), `${keys.enter}2${keys.up.repeat(9)}${keys.left.repeat(9)}${keys.enter}`);
    expect(least.effects.at(-1)).toMatchObject({ type: 'answer', choice: 0, confidence: 50 });
  });

  it('shows what the machine decided, and keeps it', () => {
    const state = guess();
    const { lab, exercise } = prediction();
    const run = new ExerciseRun(exercise, openSession);
    finish(run.answer(0, 60));
    const told: Action = { type: 'exercise', lab, state: run.state, progress: run.progress };
    const next = reduce(state, told).state;
    expect(screen(next)).toMatch(/\(•\) 1 init, from its own copy {2}✗ your answer/);
    expect(screen(next)).toMatch(/\( \) 2 no answer {2}✓ so it was/);
    expect(next.progress.chapters.get('small')?.exercises.get('who-answers')).toMatchObject({ state: 'missed', confidence: 60 });
  });

  it('the solution of a prediction is the run itself, and costs no attempt', () => {
    const state = guess();
    const { lab, exercise } = prediction();
    const run = new ExerciseRun(exercise, openSession);
    finish(run.reveal());
    expect(run.progress).toMatchObject({ state: 'skipped', attempts: 0, sawSolution: true });
    const next = reduce(state, { type: 'exercise', lab, state: run.state, progress: run.progress }).state;
    expect(screen(next)).toMatch(/\( \) 2 no answer {2}✓ so it was/);
    expect(screen(next)).not.toContain('your answer');
  });

  it('the solution is shown only when asked for twice', () => {
    expect(asked(press(guess(), 'S'))).toEqual([]);
    expect(asked(press(guess(), 'Sn'))).toEqual([]);
    expect(asked(press(guess(), 'Sy'))).toEqual(['solution']);
  });

  it('help is a key away wherever the mark is', () => {
    expect(asked(press(guess(), 'hsr'))).toEqual(['hint', 'skip', 'reset']);
    expect(screen(press(opened(), 'h').state)).toContain('there is no exercise in this section');
  });
});

describe('every frame', () => {
  const pressed = fc.constantFrom(
    ...Object.values(keys).filter((one) => typeof one === 'string'),
    ...'npghsSruwq?ykjG 12',
    'set x 1',
    '한국',
    keys.paste('a\nb'),
  );
  const size = fc.record({ columns: fc.integer({ min: 1, max: 140 }), rows: fc.integer({ min: 1, max: 45 }) });
  const doing = fc.oneof(
    pressed.map((typed) => ({ typed })),
    size.map((to) => ({ to })),
  );

  it('has as many rows as the screen, none wider, whatever was pressed and however it was resized', () => {
    fc.assert(
      fc.property(size, fc.array(doing, { maxLength: 12 }), fc.boolean(), (first, steps, ascii) => {
        let state: BookState = { ...opened(first.columns, first.rows), look: { colour: true, ascii } };
        for (const step of steps) {
          if ('typed' in step) state = press(state, step.typed).state;
          else state = reduce(state, { type: 'resized', size: step.to }).state;
          const rows = frame(state);
          expect(rows).toHaveLength(state.size.rows);
          for (const row of rows) expect(styledWidth(row)).toBeLessThanOrEqual(state.size.columns);
          expect(state.top).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('on 40 by 10 still shows text, the cluster, the prompt and a key', () => {
    const rows = frame(opened(40, 10));
    expect(rows[0]).toContain('1 Small');
    expect(rows.join('\n')).toMatch(/etcd t/);
    expect(rows[8]).toContain('> Tab: type here');
    expect(rows[9]).toContain('Enter run');
  });
});

describe('what `learn` takes', () => {
  it.each([
    ['small', { chapter: 0, section: 0 }],
    ['02-other', { chapter: 1, section: 0 }],
    ['chapters/02-other.md', { chapter: 1, section: 0 }],
    ['2', { chapter: 1, section: 0 }],
    ['1.2', { chapter: 0, section: 2 }],
    ['other/reach', { chapter: 1, section: 2 }],
    ['02-other/reach', { chapter: 1, section: 2 }],
    ['other/make-it-pear', { chapter: 1, section: 2 }],
    ['who-answers', { chapter: 0, section: 1 }],
  ])('%s', (word, place) => {
    expect(findPlace(chapters, word)).toMatchObject({ place });
  });

  it('and a place that is gone is the beginning of its chapter, or of the book', () => {
    expect(lastPlace(chapters, { chapter: 'other', section: 'renamed' })).toEqual({ chapter: 1, section: 0 });
    expect(lastPlace(chapters, { chapter: 'dropped', section: 'guess' })).toEqual({ chapter: 0, section: 0 });
    expect(lastPlace(chapters, undefined)).toEqual({ chapter: 0, section: 0 });
  });
});
