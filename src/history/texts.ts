/** "No value": nil, null, what an empty register holds. */
export const NOTHING = 0;

/** The largest whole number that is its own code. */
const LARGEST = 0x3fffffff;

/**
 * Values as small numbers, so that a history of a million operations is a few columns: 0 is "no value", an odd code is the whole number in front of it, an even one
 * is a place in a list of texts. Two values are the same if and only if their codes are.
 */
export class Texts {
  private readonly codes = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly parts = new Map<number, Int32Array>();
  /** Whether there are collections that `ofCollection` did not make: lists and sets. */
  others = false;

  /** A whole number from 0 to 2^30 - 1 needs no place in the list. */
  static isSmall(n: number): boolean {
    return n <= LARGEST;
  }

  static ofInt(n: number): number {
    return (n << 1) | 1;
  }

  /** A value as it is printed: `nil`, `17`, `apple`, `"two words"`, `[1 2]`. */
  ofPrinted(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    this.texts.push(text);
    const code = this.texts.length << 1;
    this.codes.set(text, code);
    return code;
  }

  /** A string: bare where it cannot be taken for something else, else in quotes. */
  ofString(text: string): number {
    return this.ofPrinted(printed(text));
  }

  /** A collection of values by their codes, in the order in which they were found: `[1 2 3]`. */
  ofCollection(elements: ArrayLike<number>): number {
    return this.collection('[', elements, ']');
  }

  /** A list, which is another value than a vector of the same elements: `(1 2 3)`. */
  ofList(elements: ArrayLike<number>): number {
    this.others = true;
    return this.collection('(', elements, ')');
  }

  /** A set, by the printed elements: `#{1 2 3}`. */
  ofSet(elements: readonly number[]): number {
    this.others = true;
    const printed = elements.map((element) => ({ element, text: this.text(element) ?? 'nil' }));
    printed.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return this.collection(
      '#{',
      printed.map(({ element }) => element),
      '}',
    );
  }

  /** The vector of the same elements; what is no collection stays. */
  asVector(code: number): number {
    const elements = this.parts.get(code);
    return elements === undefined || this.texts[(code >> 1) - 1]?.startsWith('[') === true ? code : this.ofCollection(elements);
  }

  private collection(open: string, elements: ArrayLike<number>, close: string): number {
    const code = this.ofPrinted(`${open}${Array.from(elements, (element) => this.text(element) ?? 'nil').join(' ')}${close}`);
    if (!this.parts.has(code)) this.parts.set(code, Int32Array.from(elements));
    return code;
  }

  /** The codes of a collection's elements, in the order in which they were found; undefined for what is no collection. */
  elements(code: number): Int32Array | undefined {
    return this.parts.get(code);
  }

  /** The number with the other sign; what is no number stays. */
  negated(code: number): number {
    if ((code & 1) === 1) return code === 1 ? code : this.ofPrinted(`-${code >> 1}`);
    const text = this.text(code) ?? '';
    if (/^-\d/.test(text)) return Texts.smallest(text.slice(1)) ?? this.ofPrinted(text.slice(1));
    return /^\d/.test(text) ? this.ofPrinted(`-${text}`) : code;
  }

  /** The code of a whole number from its decimal digits, where it needs no text. */
  static smallest(digits: string): number | undefined {
    if (!/^(0|[1-9]\d{0,9})$/.test(digits)) return undefined;
    const n = Number(digits);
    return Texts.isSmall(n) ? Texts.ofInt(n) : undefined;
  }

  /** The code of a string that may not have occurred. */
  find(text: string): number | undefined {
    return this.codes.get(printed(text));
  }

  /** The value as it is printed; `null` for none. */
  text(code: number): string | null {
    if (code === NOTHING) return null;
    return (code & 1) === 1 ? String(code >> 1) : (this.texts[(code >> 1) - 1] ?? null);
  }
}

/** What a printed value stands for as text: a string without its quotes, everything else as it is printed. */
export function rawText(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? parsed : text;
  } catch {
    return text;
  }
}

function printed(text: string): string {
  return /^[A-Za-z_][\w./+*!?-]*$/.test(text) && !/^(nil|true|false|null)$/.test(text) ? text : JSON.stringify(text);
}
