import { APPEND, CAS, FAIL, OK, READ, UNEQUAL, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { textsOf, type View } from './part.ts';

/** Whether operations of one key that followed one another explain each other; undefined where two ran at once or an outcome is unknown: only then is there anything to search. */
export function sequential(view: View, rows: Int32Array): boolean | undefined {
  const { effect, status, call, ret } = view.columns;
  let [ended, grows] = [0, false];
  for (const row of rows) {
    if (status[row] === FAIL) continue;
    if (status[row] !== OK && status[row] !== UNEQUAL) return undefined;
    if ((call[row] as number) < ended) return undefined;
    ended = ret[row] as number;
    if (effect[row] === APPEND) grows = true;
    else if (effect[row] !== READ && effect[row] !== WRITE && effect[row] !== CAS) return undefined;
  }
  return grows ? texts(view, rows) : values(view, rows);
}

function values({ columns, empty }: View, rows: Int32Array): boolean {
  const { effect, status, value, expected } = columns;
  const plain = (code: number): number => (code === empty ? NOTHING : code);
  let now = NOTHING;
  for (const row of rows) {
    if (status[row] === FAIL) continue;
    const given = plain(value[row] as number);
    if (effect[row] === READ && given !== now) return false;
    if (effect[row] === CAS && (plain(expected[row] as number) === now) !== (status[row] === OK)) return false;
    if (status[row] === OK) now = given;
  }
  return true;
}

function texts({ columns }: View, rows: Int32Array): boolean {
  const { effect, status, value, expected } = columns;
  const text = textsOf(columns);
  let now = '';
  for (const row of rows) {
    if (status[row] === FAIL) continue;
    const given = text(value[row] as number);
    if (effect[row] === READ && given !== now) return false;
    if (effect[row] === CAS && (text(expected[row] as number) === now) !== (status[row] === OK)) return false;
    if (status[row] === OK) now = effect[row] === APPEND ? now + given : given;
  }
  return true;
}
