import { APPEND, CAS, type Columns, FAIL, NEVER, OK, READ, UNEQUAL, UNKNOWN, WRITE } from '../../history/columns.ts';
import { NOTHING, rawText } from '../../history/texts.ts';
import { ANYWHERE, Growth, UNSEEN } from './growth.ts';
import { Ids } from './ids.ts';
import { Room } from './room.ts';

/** What a move does: READ, WRITE, CAS and APPEND as in the columns, and a `cas` that compared and found another value. */
export const REFUSED = 4;

/** The value that nobody looks for; 0 is "no value". */
const UNWANTED = 1;

/** One key's operations as a search sees them, `count` of them in order of call; the columns may be longer. Dropped are those that did not happen, and reads nobody knows the result of. */
export interface Part {
  readonly count: number;
  readonly does: Int32Array;
  /** What a read returned or a write leaves behind, as a small number; of an append the place of its text in `words`. */
  readonly value: Int32Array;
  /** What a comparison is with; the state that an append needs, or what `growth.ts` says of it. */
  readonly from: Int32Array;
  readonly call: Int32Array;
  /** The rank of the return; NEVER where the outcome is unknown. */
  readonly end: Int32Array;
  readonly row: Int32Array;
  /** All values are below it. */
  readonly values: number;
  /** Where something was appended. */
  readonly growth?: { readonly states: Growth; readonly words: readonly string[] };
}

/** A history, and how its values are to be taken. */
export interface View {
  readonly columns: Columns;
  /** Whether they are texts, of which the empty one is "no value". */
  readonly texts: boolean;
  /** The code of the empty text; NOTHING where it does not occur or is a value like others. */
  readonly empty: number;
  /** Where its parts and searches find room, one at a time. */
  readonly room: Room;
}

export function viewOf(columns: Columns, texts: boolean, room: Room = new Room()): View {
  return { columns, texts, empty: texts ? (columns.texts.find('') ?? NOTHING) : NOTHING, room };
}

/** The operations of a part with their values as codes of texts. */
export interface Draft {
  readonly count: number;
  readonly does: Int32Array;
  readonly value: Int32Array;
  readonly from: Int32Array;
  readonly call: Int32Array;
  readonly end: Int32Array;
  readonly row: Int32Array;
  readonly grows: boolean;
}

/**
 * The part of a history that `rows` (of one key, in order of call) make, as it stood when the event of rank `cut` had happened: what was open then is unknown, but for the
 * operation of the row `next`, which is taken to return then.
 */
export function partOf(view: View, rows: Int32Array, cut: number = NEVER, next = -1): Part {
  const draft = draftOf(view, rows, cut, next);
  return draft.grows ? growing(view, draft) : plain(draft);
}

export function draftOf({ columns, empty, room }: View, rows: Int32Array, cut: number, next = -1): Draft {
  const { effect, status, call: calls, ret, value: values, expected } = columns;
  const { length } = rows;
  const does = room.raw('does', length);
  const value = room.raw('value', length);
  const from = room.raw('from', length);
  const call = room.raw('call', length);
  const end = room.raw('end', length);
  const row = room.raw('row', length);
  let count = 0;
  let grows = false;
  for (let r = 0; r < length; r++) {
    const i = rows[r] as number;
    if ((calls[i] as number) > cut) break;
    const known = (ret[i] as number) <= cut || (status[i] === FAIL && ret[i] === NEVER) || i === next;
    const outcome = known ? (status[i] as number) : UNKNOWN;
    const what = effect[i] as number;
    if (outcome === FAIL || (what === READ && outcome !== OK)) continue;
    if (what === APPEND) grows = true;
    else if (what !== READ && what !== WRITE && what !== CAS)
      throw new Error(`a register has no effect ${what}: the model must refuse such a history before the search`);
    does[count] = outcome === UNEQUAL ? REFUSED : what;
    value[count] = values[i] === empty ? NOTHING : (values[i] as number);
    from[count] = what !== CAS || expected[i] === empty ? NOTHING : (expected[i] as number);
    call[count] = calls[i] as number;
    end[count] = outcome === UNKNOWN ? NEVER : i === next ? cut + 1 : (ret[i] as number);
    row[count++] = i;
  }
  return { count, does, value, from, call, end, row, grows };
}

/** Values become small numbers in place; all that nobody looks for become one. */
function plain(draft: Draft): Part {
  const { count, does, value, from } = draft;
  const ids = new Ids(UNWANTED + 1);
  for (let i = 0; i < count; i++) {
    if (does[i] === READ && value[i] !== NOTHING) value[i] = ids.of(value[i] as number);
    else if ((does[i] === CAS || does[i] === REFUSED) && from[i] !== NOTHING) from[i] = ids.of(from[i] as number);
  }
  const wanted = ids.size;
  for (let i = 0; i < count; i++) {
    if (does[i] === READ || value[i] === NOTHING) continue;
    const id = ids.of(value[i] as number);
    value[i] = id < wanted ? id : UNWANTED;
  }
  return { ...draft, values: wanted };
}

/** Values become states of the text; of each append it is said where it must happen. */
function growing({ columns, room }: View, draft: Draft): Part {
  const { count, does, value, from, end } = draft;
  const text = textsOf(columns);
  const states = new Growth(room);
  const [certain, perhaps] = [new Map<number, string>(), new Map<number, string>()];
  let refused = false;
  for (let i = 0; i < count; i++) {
    if (does[i] === APPEND || does[i] === WRITE) continue;
    const code = (does[i] === READ ? value : from)[i] as number;
    const found = states.add(text(code));
    if (does[i] === READ) value[i] = found;
    else from[i] = found;
    if (does[i] === REFUSED) refused = true;
    (does[i] === REFUSED || end[i] === NEVER ? perhaps : certain).set(found, text(code));
  }
  const written = new Map<string, number>();
  const words: string[] = [];
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    if (does[i] === READ || does[i] === REFUSED) continue;
    const own = text(value[i] as number);
    let at = written.get(own);
    if (at === undefined) {
      written.set(own, (at = words.length));
      words.push(own);
      times.push(0);
    }
    times[at] = (times[at] as number) + 1;
    value[i] = at;
  }
  // A comparison that found another value may need what no read shows; what was written twice may be anywhere.
  const places = refused ? undefined : states.places(words, certain, perhaps);
  for (let i = 0; i < count; i++) {
    if (does[i] === READ || does[i] === REFUSED) continue;
    const word = value[i] as number;
    if (does[i] === APPEND) from[i] = times[word] === 1 && places !== undefined ? (places.get(words[word] as string) ?? UNSEEN) : ANYWHERE;
    else value[i] = states.after(0, words[word] as string);
  }
  return { ...draft, values: 0, growth: { states, words } };
}

/** A value of a map of texts: a string without its quotes. */
export function textsOf({ texts }: Columns): (code: number) => string {
  return (code) => {
    const printed = texts.text(code) ?? '';
    return printed.startsWith('"') && !printed.includes('\\') ? printed.slice(1, -1) : rawText(printed);
  };
}
