import type { ExerciseState } from '../../book/exercise-run.ts';
import type { Do, Exercise, Predict } from '../../book/types.ts';
import { printable } from '../../core/units.ts';
import type { Line, Meaning } from '../../view/block.ts';
import { wrapLine } from '../../view/line.ts';
import { drawLine } from '../../view/render.ts';
import type { BookState, ExerciseView } from './book-state.ts';
import { renderMarkdown } from './markdown.ts';

export interface ExerciseDrawing {
  readonly exercise: Exercise;
  readonly view: ExerciseView;
  readonly width: number;
  readonly look: BookState['look'];
  readonly marked: boolean;
  /** `1.3.2`. */
  readonly number: string;
  /** An answer is being chosen. */
  readonly playing: boolean;
}

const STATUS: Readonly<Record<ExerciseState['status'], readonly [string, Meaning]>> = {
  open: ['', 'dim'],
  solved: [' · ✓ solved', 'ok'],
  missed: [' · ✗ missed', 'unknown'],
  skipped: [' · skipped', 'dim'],
};

/** An exercise on its page: the question, what to do, and everything that was said about it. `choices`: the row of each, or of the goal. */
export function exerciseRows(drawing: ExerciseDrawing): { readonly rows: readonly string[]; readonly choices: readonly number[] } {
  const { exercise, view, width, look, marked, number } = drawing;
  const rows: string[] = [];
  const inner = Math.max(1, width - 2);
  const put = (line: Line, hang = 0): void => {
    for (const one of wrapLine(line, inner, hang)) rows.push(`  ${drawLine(one, look)}`);
  };
  const say = (markdown: string): void => {
    for (const row of renderMarkdown(markdown, inner, { ascii: look.ascii })) rows.push(row === '' ? '' : `  ${row}`);
  };
  const [status, as] = STATUS[view.state.status];
  const head: Line = [
    { text: marked ? '▸ ' : '  ', as: 'accent' },
    { text: `◆ Exercise ${number} · ${exercise.kind}`, as: 'accent' },
    { text: status, as },
    { text: `  ${printable(exercise.title)}`, as: 'strong' },
  ];
  for (const line of wrapLine(head, width, 2)) rows.push(drawLine(line, look));
  say(exercise.question);
  const choices: number[] = [];
  if (exercise.kind === 'predict') predictRows(exercise, drawing, put, (row) => choices.push(row), rows);
  else {
    put([{ text: 'The goal, all of it at once:', as: 'dim' }]);
    choices.push(rows.length);
    goalRows(exercise, view.state, put);
  }
  afterRows(exercise, view.state, put, say);
  put(helpLine(drawing));
  return { rows, choices };
}

type Put = (line: Line, hang?: number) => void;

function predictRows(
  exercise: Predict,
  { view, playing, look }: ExerciseDrawing,
  put: Put,
  at: (row: number) => void,
  rows: readonly string[],
): void {
  const { state, selected } = view;
  exercise.choices.forEach((choice, i) => {
    at(rows.length);
    const chosen = playing ? i === selected : i === state.choice;
    const right = !playing && state.right === i;
    const wrong = !playing && state.choice === i && state.right !== i && state.right !== undefined;
    const verdict: Line = right ? [{ text: '  ✓ so it was', as: 'ok' }] : wrong ? [{ text: '  ✗ your answer', as: 'fail' }] : [];
    const dot = look.ascii ? '*' : '•';
    put([{ text: `(${chosen ? dot : ' '}) ${i + 1} `, as: chosen ? 'accent' : 'dim' }, printable(choice.text), ...verdict], 6);
  });
  if (playing && exercise.confidence)
    put(['How sure?  ', { text: slider(view.confidence), as: 'accent' }, ` ${view.confidence} %  `, { text: '← →', as: 'dim' }]);
}

const STEPS = '▁▂▃▅▆▇';

/** 50 to 100 percent as a rising bar. */
function slider(percent: number): string {
  const filled = Math.round((percent - 50) / 10) + 1;
  return STEPS.slice(0, filled) + '·'.repeat(Math.max(0, STEPS.length - filled));
}

function goalRows(exercise: Do, state: ExerciseState, put: Put): void {
  if (state.goal === undefined) {
    for (const line of exercise.goal)
      put(
        [
          { text: '○ ', as: 'dim' },
          { text: printable(line.source), as: 'command' },
        ],
        2,
      );
    return;
  }
  for (const { text, held, actual, problem } of state.goal) {
    const instead = held ? '' : problem !== undefined ? `  ${problem.what}` : actual === undefined ? '' : `  ${actual}`;
    put(
      [
        held ? { text: '✓ ', as: 'ok' } : { text: '✗ ', as: 'fail' },
        { text: printable(text), as: 'command' },
        { text: printable(instead), as: 'dim' },
      ],
      2,
    );
  }
}

/** What was said about the last try, hints, the solution, the lesson. */
function afterRows(exercise: Exercise, state: ExerciseState, put: Put, say: (markdown: string) => void): void {
  if (state.problem !== undefined)
    put([{ text: '✗ this exercise does not work', as: 'error' }, `: ${printable(state.problem.what)}; s skips it`], 2);
  if (exercise.kind === 'predict' && state.choice !== undefined && state.right !== undefined) {
    if (state.choice === state.right) put([{ text: '✓ Right.', as: 'ok' }, ' The run is in the lab.']);
    else
      put(
        [
          { text: '✗ Not so.', as: 'fail' },
          ' It was: ',
          { text: printable(exercise.choices[state.right]?.text ?? ''), as: 'strong' },
          '. The run and its reasons are in the lab.',
        ],
        2,
      );
  }
  if (exercise.kind === 'do' && state.status === 'solved') put([{ text: '✓ Solved.', as: 'ok' }]);
  if (state.feedback !== undefined) say(state.feedback);
  for (const [i, hint] of state.hints.entries()) say(`**Hint ${i + 1}.** ${hint}`);
  if (state.solution !== undefined) {
    put([{ text: exercise.kind === 'do' ? 'One solution:' : 'What was run:', as: 'dim' }]);
    for (const line of state.solution) put(['  ', { text: printable(line), as: 'command' }]);
  }
  if (state.lesson !== undefined) say(`**What it shows.** ${state.lesson}`);
}

/** The way on, always in sight. */
function helpLine({ exercise, view, playing }: ExerciseDrawing): Line {
  const { moreHints, status } = view.state;
  const enter = playing ? 'Enter answers' : exercise.kind === 'do' ? 'Enter begins' : status === 'open' ? 'Enter to answer' : 'Enter again';
  const hint = moreHints > 0 ? ' · h hint' : '';
  return [{ text: `${enter}${hint} · s skip · S solution · r reset`, as: 'dim' }];
}
