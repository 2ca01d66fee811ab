import { CTRL, charKey, controlKey, type InputEvent, isControl, key, META } from './keys.ts';

/** What one escape sequence at the start of a text is: its length and what it means (nothing, if unknown). */
export interface Scanned {
  readonly length: number;
  readonly events: readonly InputEvent[];
}

const ESC = 0x1b;
const BEL = 0x07;
/** Longer than any report a terminal sends unasked; a longer "string" is somebody's typing after Alt-]. */
const LONGEST_STRING = 4096;

/** Keys by the last letter of CSI and SS3 sequences. `I` and `O` (focus) and `R` (cursor report) are left out. */
const BY_LETTER: ReadonlyMap<string, string> = new Map([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['F', 'end'],
  ['H', 'home'],
  ['P', 'f1'],
  ['Q', 'f2'],
  ['S', 'f4'],
]);

/** Keys by the number before `~`. 200 and 201, the marks of a paste, are the decoder's. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  ...['home', 'insert', 'delete', 'end', 'pageup', 'pagedown', 'home', 'end'].map((name, i): [number, string] => [i + 1, name]),
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((n, i): [number, string] => [n, `f${i + 1}`]),
]);

/**
 * Reads the escape sequence that `text` begins with (its first character is ESC). Undefined: it may be the beginning of a
 * longer one, wait for more. A sequence that breaks off at a control character is dropped up to that character, so
 * Ctrl-C always gets through, whatever a noisy line put before it.
 */
export function scanEscape(text: string): Scanned | undefined {
  if (text.length < 2) return undefined;
  const second = text.charAt(1);
  if (second === '[') return scanCsi(text);
  if (second === 'O') return text.length < 3 ? undefined : scanSs3(text);
  if (']P_^X'.includes(second)) return scanString(text);
  if (second === '\u001b') return scanDoubled(text);
  const code = text.codePointAt(1) ?? 0;
  const char = String.fromCodePoint(code);
  const event = isControl(code) ? controlKey(code, META) : charKey(char, META);
  return { length: 1 + char.length, events: [event] };
}

/** What a beginning that was never finished means: Alt with the second character, or, longer than that, nothing. */
export function unfinishedEscape(text: string): readonly InputEvent[] {
  if (text.length === 1) return [key('escape')];
  if (text.length > 2) return [];
  return text.charCodeAt(1) === ESC ? [key('escape'), key('escape')] : [charKey(text.charAt(1), META)];
}

/** ESC ESC: Alt with a key that is itself a sequence (rxvt), or else Escape, and the second ESC starts anew. */
function scanDoubled(text: string): Scanned | undefined {
  const third = text.charAt(2);
  if (third === '') return undefined;
  if (third !== '[' && third !== 'O') return { length: 1, events: [key('escape')] };
  const inner = scanEscape(text.slice(1));
  return inner && { length: inner.length + 1, events: inner.events.map((e) => (e.type === 'key' ? { ...e, meta: true } : e)) };
}

/** SS3: cursor and function keys, and the keypad in application mode, where j … y stand for * … 9. */
function scanSs3(text: string): Scanned {
  const letter = text.charAt(2);
  const name = BY_LETTER.get(letter) ?? (letter === 'R' ? 'f3' : letter === 'M' ? 'return' : undefined);
  if (name) return { length: 3, events: [key(name)] };
  if (letter >= 'j' && letter <= 'y')
    return { length: 3, events: [{ type: 'text', text: String.fromCharCode(letter.charCodeAt(0) - 0x40) }] };
  const rxvt = letter >= 'a' && letter <= 'd' ? BY_LETTER.get(letter.toUpperCase()) : undefined;
  if (rxvt) return { length: 3, events: [key(rxvt, CTRL)] };
  // Not a letter at all: Alt-O, then whatever this is.
  return /[A-Za-z]/.test(letter) ? { length: 3, events: [] } : { length: 2, events: [charKey('O', META)] };
}

/** CSI: parameters (0x30 … 0x3f), intermediates (0x20 … 0x2f), one last character (0x40 … 0x7e). */
function scanCsi(text: string): Scanned | undefined {
  if (text.charAt(2) === '[') return text.length < 4 ? undefined : linuxConsole(text);
  let i = 2;
  while (i < text.length && i < LONGEST_STRING && text.charCodeAt(i) >= 0x20 && text.charCodeAt(i) <= 0x3f) i++;
  if (i === text.length) return undefined;
  const code = text.charCodeAt(i);
  if (code < 0x40 || code > 0x7e) return { length: i, events: [] };
  const letter = text.charAt(i);
  // The oldest mouse report: three more characters, whatever they are.
  if (letter === 'M' && i === 2) return text.length < 6 ? undefined : { length: 6, events: [] };
  return { length: i + 1, events: csiEvents(text.slice(2, i), letter) };
}

function linuxConsole(text: string): Scanned {
  const n = text.charCodeAt(3) - 0x40;
  return n >= 1 && n <= 5 ? { length: 4, events: [key(`f${n}`)] } : { length: 3, events: [] };
}

function csiEvents(parameters: string, letter: string): readonly InputEvent[] {
  // `<`, `=`, `>`, `?` and the intermediates mark reports (mouse, device attributes, modes), never keys.
  if (!/^[\d;:]*$/.test(parameters)) return [];
  const [first = 0, second = 1, third = 0] = parameters.split(';').map((p) => Number.parseInt(p, 10) || 0);
  const bits = Math.max(0, second - 1);
  if (letter === 'Z') return [key('tab', 1)];
  if (letter === 'u') return codedKey(first, bits);
  if (letter === '~' && first === 27) return codedKey(third, bits);
  const name = letter === '~' ? BY_NUMBER.get(first) : BY_LETTER.get(letter);
  return name ? [key(name, bits)] : [];
}

/** A key sent as its code point (xterm's modifyOtherKeys, kitty's CSI u); some people map keys so. */
function codedKey(code: number, bits: number): readonly InputEvent[] {
  // Above 0xe000 kitty numbers keys that have no character, lone modifiers among them.
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xf900)) return [];
  if (isControl(code)) return code < 0x80 ? [controlKey(code, bits)] : [];
  const char = String.fromCodePoint(code);
  return bits < META ? [{ type: 'text', text: bits ? char.toUpperCase() : char }] : [charKey(char, bits)];
}

/** OSC, DCS, APC, PM, SOS: answers to questions some earlier program asked. Dropped up to BEL or ESC \. */
function scanString(text: string): Scanned | undefined {
  for (let i = 2; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BEL) return { length: i + 1, events: [] };
    if (code === ESC) {
      if (i + 1 === text.length) return undefined;
      return { length: text.charAt(i + 1) === '\\' ? i + 2 : i, events: [] };
    }
    if (isControl(code) || i >= LONGEST_STRING) return { length: i, events: [] };
  }
  return undefined;
}
