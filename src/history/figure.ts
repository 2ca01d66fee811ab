import { type Cursor, decode, MORE } from './cursor.ts';

/** What can be looked over. */
interface Skips {
  next(): number;
  skip(): number;
}

/** Numbers that are measured with and not told again: ranks and times. They never become texts. */
export class Figure {
  /** The number that was read last; NaN for what is none, `undefined` for nil and null. */
  value: number | undefined;
  private readonly cursor: Cursor;
  private readonly forms: Skips;

  constructor(cursor: Cursor, forms: Skips) {
    this.cursor = cursor;
    this.forms = forms;
  }

  /** Reads the form at the cursor. */
  read(): number {
    const { cursor, forms } = this;
    const byte = forms.next();
    if (byte < 0 && byte !== MORE) return byte;
    const from = cursor.at;
    const read = forms.skip();
    if (read < 0) return read;
    const { data, at } = cursor;
    let n = 0;
    let digits = from;
    for (; digits < at && digits - from < 16; digits++) {
      const digit = (data[digits] as number) - 48;
      if (digit < 0 || digit > 9) break;
      n = n * 10 + digit;
    }
    if (digits === at) this.value = n;
    else {
      const text = decode(data.subarray(from, at));
      this.value =
        text === 'nil' || text === 'null'
          ? undefined
          : /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?[NM]?$/.test(text)
            ? Number(text.replace(/[NM]$/, ''))
            : Number.NaN;
    }
    return 0;
  }
}
