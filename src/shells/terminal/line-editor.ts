import { type Candidate, type Completer, completed } from './completion.ts';
import { bindings, type Change } from './edit-commands.ts';
import { type History, historyOf, recalled, remembered, type Search, searchFrom } from './history.ts';
import { type InputEvent, type KeyEvent, keyId, withoutControls } from './keys.ts';
import { joined, type Line, lineOf } from './line.ts';
import { searching } from './search-mode.ts';

/** A prompt with everything it remembers. Plain data: one key gives the next. */
export interface Editor {
  readonly line: Line;
  readonly history: History;
  /** What was killed last, for C-y. */
  readonly kill: string;
  readonly undo: readonly Line[];
  /** What the key before did: typing and killing go on from where they were, a second Tab lists. */
  readonly last: 'typed' | 'killed' | 'tab' | 'other';
  readonly search: Search | undefined;
  /** What a second Tab lists under the prompt; empty otherwise. */
  readonly choices: readonly Candidate[];
}

/** What the shell has to do about a key. `pass`: the key means nothing to a prompt, it is the shell's own. */
export type Outcome =
  | { readonly type: 'edited' }
  | { readonly type: 'submit'; readonly lines: readonly string[] }
  | { readonly type: 'interrupt' }
  | { readonly type: 'end' }
  | { readonly type: 'clear' }
  | { readonly type: 'pass' };

export interface Pressed {
  readonly editor: Editor;
  readonly outcome: Outcome;
}

const UNDO_LIMIT = 200;
const LONGEST_TYPED = 256;

/** An empty prompt over the lines of earlier runs, oldest first. */
export function createEditor(entries: readonly string[] = []): Editor {
  return { line: lineOf(''), history: historyOf(entries), kill: '', undo: [], last: 'other', search: undefined, choices: [] };
}

/** The editor after one event. Without a completer Tab is passed on. */
export function press(editor: Editor, event: InputEvent, completer?: Completer): Pressed {
  if (event.type === 'paste') return edited(inserted(accepted(editor), pasted(event.text), 'other'));
  if (editor.search) {
    const next = searching(editor.search, editor.history, editor.line, event);
    if (next.type === 'stay') return edited({ ...editor, line: next.line, search: next.search, last: 'other', choices: [] });
    if (next.type === 'give-up') return edited({ ...editor, line: next.line, search: undefined, last: 'other' });
    return press(accepted(editor), event, completer);
  }
  if (event.type === 'text') return edited(typed(editor, withoutControls(event.text)));
  return pressKey(editor, event, completer);
}

/** The prompt with another text on it, undoable, the cursor at its end: for "put this command on the prompt". */
export function replaced(editor: Editor, text: string): Editor {
  return changed(accepted(editor), { line: lineOf(withoutControls(text, '\n')) }, 'other');
}

function pressKey(editor: Editor, event: KeyEvent, completer: Completer | undefined): Pressed {
  const id = keyId({ ...event, shift: event.shift && event.name === 'tab' });
  switch (id) {
    case 'return':
    case 'C-m':
      return submitted(editor);
    case 'tab':
      return completer ? edited(tabbed(editor, completer)) : { editor, outcome: { type: 'pass' } };
    case 'C-c':
      return { editor: cleared(editor, editor.history), outcome: { type: 'interrupt' } };
    case 'C-l':
      return { editor: settled(editor), outcome: { type: 'clear' } };
    case 'C-r':
      return edited({ ...settled(editor), search: searchFrom(editor.history, editor.line) });
    case 'C-_':
      return edited(undone(editor));
    case 'C-d':
      if (editor.line.text === '') return { editor, outcome: { type: 'end' } };
      break;
    case 'C-g':
    case 'escape':
      if (editor.choices.length === 0) break;
      return edited(settled(editor));
    default:
  }
  const to = slotOf(id, editor.history);
  if (to !== undefined) return edited(browsed(editor, to));
  const command = bindings.get(id);
  if (!command) return { editor, outcome: { type: 'pass' } };
  const change = command(editor.line, editor.kill);
  return edited(changed(editor, change, change.killed === undefined ? 'other' : 'killed'));
}

function slotOf(id: string, history: History): number | undefined {
  if (id === 'up' || id === 'C-p') return history.at - 1;
  if (id === 'down' || id === 'C-n') return history.at + 1;
  if (id === 'M-<') return 0;
  return id === 'M->' ? history.entries.length : undefined;
}

/** Applies a change: remembers the line for undo if its text changed, and lets kills in a row add up. */
function changed(editor: Editor, change: Change, last: Editor['last']): Editor {
  const same = change.line.text === editor.line.text;
  const undo = same ? editor.undo : [...editor.undo.slice(1 - UNDO_LIMIT), editor.line];
  return { ...editor, line: change.line, undo, last, choices: [], kill: killedText(editor, change) };
}

function killedText(editor: Editor, { killed, side }: Change): string {
  if (killed === undefined || killed === '') return editor.kill;
  if (editor.last !== 'killed') return killed;
  return side === 'left' ? killed + editor.kill : editor.kill + killed;
}

/** Text that came by hand. A word is undone as one, also when several came at once; more than hands can type is a paste. */
function typed(editor: Editor, text: string): Editor {
  if (text.length > LONGEST_TYPED) return inserted(editor, text, 'other');
  // Between a blank and the next letter.
  return text.split(/(?<= )(?=[^ ])/).reduce((now, part) => typedPart(now, part), editor);
}

function typedPart(editor: Editor, part: string): Editor {
  const { text, pos } = editor.line;
  const goesOn = editor.last === 'typed' && !(text[pos - 1] === ' ' && part[0] !== ' ');
  const next = inserted(editor, part, 'typed');
  return goesOn ? { ...next, undo: editor.undo } : next;
}

function inserted(editor: Editor, text: string, last: Editor['last']): Editor {
  if (text === '') return settled(editor);
  const { line } = editor;
  return changed(editor, { line: joined(line.text.slice(0, line.pos) + text, line.text.slice(line.pos)) }, last);
}

/** What a paste puts on the prompt: lines stay apart and wait for Enter; tabs are blanks; one last line end is no line. */
function pasted(text: string): string {
  return withoutControls(text.replaceAll('\r\n', '\n').replaceAll('\t', ' '), '\n').replace(/\n$/, '');
}

function tabbed(editor: Editor, completer: Completer): Editor {
  const answer = completed(editor.line, completer);
  if (answer.progress) return changed(editor, { line: answer.line }, 'tab');
  return { ...editor, last: 'tab', choices: editor.last === 'tab' ? answer.list : editor.choices };
}

function undone(editor: Editor): Editor {
  const line = editor.undo.at(-1);
  return line ? { ...settled(editor), line, undo: editor.undo.slice(0, -1) } : settled(editor);
}

function browsed(editor: Editor, to: number): Editor {
  const next = recalled(editor.history, editor.line, to);
  // Another slot is another line: undoing back into the slot just left would only confuse.
  return next ? { ...settled(editor), ...next, undo: [] } : settled(editor);
}

/** A line of several pasted ones is submitted as several. */
function submitted(editor: Editor): Pressed {
  const lines = editor.line.text.split('\n');
  return { editor: cleared(editor, remembered(editor.history, lines)), outcome: { type: 'submit', lines } };
}

function cleared(editor: Editor, history: History): Editor {
  const fresh: History = { entries: history.entries, at: history.entries.length, drafts: new Map() };
  return { ...settled(editor), line: lineOf(''), history: fresh, undo: [], search: undefined };
}

/** Ends a search with the line it has found; that line is then as if typed. */
function accepted(editor: Editor): Editor {
  if (!editor.search) return editor;
  const { origin } = editor.search;
  const same = origin.text === editor.line.text;
  return { ...settled(editor), search: undefined, undo: same ? editor.undo : [...editor.undo.slice(1 - UNDO_LIMIT), origin] };
}

function settled(editor: Editor): Editor {
  return { ...editor, last: 'other', choices: [] };
}

function edited(editor: Editor): Pressed {
  return { editor, outcome: { type: 'edited' } };
}
