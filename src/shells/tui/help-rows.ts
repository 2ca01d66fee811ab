import { wrapLine } from '../../view/line.ts';
import { drawLine } from '../../view/render.ts';
import type { BookState } from './book-state.ts';

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'On the page',
    [
      ['↑ ↓', 'to the next block or exercise in sight, or scroll'],
      ['PgUp PgDn Space', 'a page up or down'],
      ['Home End', 'the beginning and the end of the section'],
      ['n p, → ←', 'the next and the previous section'],
      ['g', 'the list of chapters and sections'],
      ['Enter', 'run the block with the mark ▸, or begin the exercise'],
      ['Tab', 'to the prompt of the lab'],
      ['h s S r', 'hint, skip, solution, reset: of the exercise that is marked; r without one begins the world of this section anew'],
      ['u w', 'take the last command back; why did it end as it did?'],
      ['? q', 'these keys; leave the book (it opens again at this place)'],
      ['Ctrl-C', 'take back a command that is running; else leave'],
    ],
  ],
  [
    'In a prediction',
    [
      ['↑ ↓ 1-9', 'choose an answer'],
      ['← →', 'how sure are you?'],
      ['Enter', 'that is the answer: the machine runs it'],
      ['Esc', 'back to the page'],
    ],
  ],
  [
    'At the prompt',
    [
      ['Enter', 'run the line; help lists the commands'],
      ['Tab', 'complete a word; on an empty line back to the page'],
      ['↑ ↓ Ctrl-R', 'lines typed before; search in them'],
      ['PgUp PgDn', 'scroll what was printed'],
      ['hint, skip, solution', 'as words, for the exercise at hand'],
      ['Ctrl-C', 'give the line up; take back a command that is running'],
      ['Esc', 'back to the page'],
      ['Ctrl-D', 'on an empty line: leave the book'],
    ],
  ],
];

const INDENT = 18;

export function helpRows(width: number, look: BookState['look']): readonly string[] {
  const rows: string[] = [
    drawLine(
      [
        { text: ' The keys', as: 'strong' },
        { text: '  any key goes back, ↑ ↓ scroll', as: 'dim' },
      ],
      look,
    ),
  ];
  const narrow = width < 50;
  for (const [title, keys] of KEYS) {
    rows.push('', drawLine([{ text: ` ${title}`, as: 'accent' }], look));
    for (const [key, what] of keys) {
      const pad = ' '.repeat(Math.max(1, narrow ? 1 : INDENT - key.length));
      for (const [i, line] of wrapLine([{ text: key, as: 'key' }, pad, what], Math.max(2, width - 3), 2).entries())
        rows.push(`${i === 0 ? '  ' : '  '}${drawLine(line, look)}`);
    }
  }
  return rows;
}
