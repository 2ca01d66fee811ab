import { StringDecoder } from 'node:string_decoder';
import { scanEscape, unfinishedEscape } from './escape.ts';
import { controlKey, type InputEvent, isControl, withoutControls } from './keys.ts';

const ESC = '\u001b';
const PASTE_BEGINS = `${ESC}[200~`;
const PASTE_ENDS = `${ESC}[201~`;

/** A lone ESC: long enough for the rest of a sequence on the same machine, too short to feel. */
const ESCAPE_WAIT_MS = 25;
/** A sequence that has begun is no human hand: give a slow line time. */
const SEQUENCE_WAIT_MS = 250;
/** A paste whose end mark got lost must not swallow the keyboard for ever. */
const PASTE_WAIT_MS = 2000;

/**
 * Turns what a terminal in raw mode sends into keys, text and pastes. Feed it every chunk; the events do not depend on
 * where the chunks were cut (text may come in more pieces). It reads no clock: while `waitMs` is a number, the caller
 * calls `flush` if nothing more has come for that long.
 */
export class Decoder {
  readonly #utf8 = new StringDecoder('utf8');
  #rest = '';
  #paste: string | undefined;

  /** Decodes one chunk. Bytes of a character that is cut in two are kept for the next. */
  push(chunk: Uint8Array | string): InputEvent[] {
    this.#rest += typeof chunk === 'string' ? chunk : this.#utf8.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const out: InputEvent[] = [];
    while (this.#rest !== '') {
      const took = this.#paste === undefined ? this.#typed(this.#rest, out) : this.#pasted(this.#paste, out);
      if (!took) break;
    }
    return out;
  }

  /** How long to wait for more before `flush`; undefined while nothing is unfinished. */
  get waitMs(): number | undefined {
    if (this.#paste !== undefined) return PASTE_WAIT_MS;
    if (this.#rest === '') return undefined;
    return this.#rest.length === 1 ? ESCAPE_WAIT_MS : SEQUENCE_WAIT_MS;
  }

  /** Nothing more has come: settles what is unfinished. A lone ESC is the Escape key. */
  flush(): InputEvent[] {
    const rest = this.#rest;
    const paste = this.#paste;
    this.#rest = '';
    this.#paste = undefined;
    if (paste !== undefined) return [{ type: 'paste', text: cleanPaste(paste) }];
    return rest === '' ? [] : [...unfinishedEscape(rest)];
  }

  /** Takes one thing off the front of `rest`, outside a paste. False: it is unfinished. */
  #typed(rest: string, out: InputEvent[]): boolean {
    if (rest.startsWith(PASTE_BEGINS)) {
      this.#paste = '';
      this.#rest = rest.slice(PASTE_BEGINS.length);
      return true;
    }
    const code = rest.charCodeAt(0);
    if (code === 0x1b) {
      const scanned = scanEscape(rest);
      if (!scanned) return false;
      out.push(...scanned.events);
      this.#rest = rest.slice(scanned.length);
      return true;
    }
    if (isControl(code)) {
      // C1 codes are no key of any keyboard: dropped.
      if (code < 0x80) out.push(controlKey(code));
      this.#rest = rest.slice(1);
      return true;
    }
    let end = 1;
    while (end < rest.length && !isControl(rest.charCodeAt(end))) end++;
    out.push({ type: 'text', text: rest.slice(0, end) });
    this.#rest = rest.slice(end);
    return true;
  }

  /** Gathers a paste until its end mark, which may itself be cut: so the search starts a mark's length early. */
  #pasted(sofar: string, out: InputEvent[]): boolean {
    const all = sofar + this.#rest;
    const end = all.indexOf(PASTE_ENDS, Math.max(0, sofar.length - PASTE_ENDS.length));
    if (end < 0) {
      this.#paste = all;
      this.#rest = '';
      return false;
    }
    out.push({ type: 'paste', text: cleanPaste(all.slice(0, end)) });
    this.#paste = undefined;
    this.#rest = all.slice(end + PASTE_ENDS.length);
    return true;
  }
}

function cleanPaste(text: string): string {
  return withoutControls(text.replace(/\r\n?/g, '\n'), '\n\t');
}
