/** The code that ends what each code begins; a code that is not here ends something itself. */
function closerOf(code: number): number | undefined {
  if (code === 1 || code === 2) return 22;
  if (code === 21) return 24;
  if (code >= 3 && code <= 9) return code === 6 ? 25 : code + 20;
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 39;
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 49;
  if (code === 53) return 55;
  return code === 58 ? 59 : undefined;
}

/** The styles that are on at a place in a text: fed every sequence in turn, it can close them all and open them again. */
export class Style {
  /** By the parameters that opened; the value closes. Bold and dim are two entries with one closer. */
  readonly #open = new Map<string, number>();

  /** Takes one whole `ESC [ … m`. */
  take(sequence: string): void {
    const parts = sequence.slice(2, -1).split(';');
    for (let i = 0; i < parts.length; i++) {
      const code = Number(parts[i]);
      // 38;5;n and 38;2;r;g;b are one colour each.
      const length = code === 38 || code === 48 || code === 58 ? (parts[i + 1] === '5' ? 3 : 5) : 1;
      this.#apply(code, parts.slice(i, i + length).join(';'));
      i += length - 1;
    }
  }

  #apply(code: number, parameters: string): void {
    if (code === 0) this.#open.clear();
    const closer = closerOf(code);
    // An end, or a second colour in the place of the first; bold and dim may stand together.
    const ends = closer === undefined ? code : closer === 22 ? undefined : closer;
    for (const [key, ended] of this.#open) if (ended === ends) this.#open.delete(key);
    if (closer !== undefined) this.#open.set(parameters, closer);
  }

  /** Ends every style that is on, innermost first. */
  get closing(): string {
    return sequences([...new Set(this.#open.values())].reverse());
  }

  /** Begins again what is on. */
  get opening(): string {
    return sequences([...this.#open.keys()]);
  }
}

function sequences(codes: readonly (string | number)[]): string {
  return codes.map((code) => `\u001b[${code}m`).join('');
}
