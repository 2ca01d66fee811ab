/** A key that is not plain text: a named key, or a character with Ctrl or Alt held. */
export interface KeyEvent {
  readonly type: 'key';
  /** `up`, `return`, `f5` …, or the character in lower case (`a` for Ctrl-A and for Alt-Shift-A). */
  readonly name: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

/** Typed characters. Never holds a control character; several keystrokes may arrive as one event. */
export interface TextEvent {
  readonly type: 'text';
  readonly text: string;
}

/** One bracketed paste. Lines end in `\n`; of the control characters only that and the tab survive. */
export interface PasteEvent {
  readonly type: 'paste';
  readonly text: string;
}

export type InputEvent = KeyEvent | TextEvent | PasteEvent;

/** The modifier bits as xterm numbers them (it sends them plus one). */
export const SHIFT = 1;
export const META = 2;
export const CTRL = 4;

/** A key event from a name and xterm's modifier bits. */
export function key(name: string, bits = 0): KeyEvent {
  const has = (bit: number): boolean => Math.floor(bits / bit) % 2 === 1;
  return { type: 'key', name, ctrl: has(CTRL), meta: has(META), shift: has(SHIFT) };
}

/** A key as one word for tables of bindings: `C-a`, `M-backspace`, `S-tab`, `C-M-S-left`. */
export function keyId(event: KeyEvent): string {
  return `${event.ctrl ? 'C-' : ''}${event.meta ? 'M-' : ''}${event.shift ? 'S-' : ''}${event.name}`;
}

/** The key of one typed character with modifiers held; capitals become lower case with Shift. */
export function charKey(char: string, bits: number): KeyEvent {
  const lower = char.toLowerCase();
  return key(lower, lower === char ? bits : bits | SHIFT);
}

/** The key of one C0 control code or DEL, as a terminal in raw mode sends it. */
export function controlKey(code: number, bits = 0): KeyEvent {
  if (code === 0x0d || code === 0x0a) return key('return', bits);
  if (code === 0x09) return key('tab', bits);
  if (code === 0x7f || code === 0x08) return key('backspace', bits);
  if (code === 0x1b) return key('escape', bits);
  if (code === 0) return key('space', bits | CTRL);
  // 1 … 26 are the letters, 28 … 31 are \ ] ^ _ : both are the character with the upper bits cleared.
  return key(String.fromCharCode(code < 0x1b ? code + 0x60 : code + 0x40), bits | CTRL);
}

/** True for the characters that steer a terminal: C0, DEL and C1. */
export function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** A text without its control characters, but for those named in `keep`. */
export function withoutControls(text: string, keep = ''): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isControl(text.charCodeAt(i)) || keep.includes(text.charAt(i))) continue;
    out += text.slice(from, i);
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}
