import { Problem } from '../core/problem.ts';
import { decode } from './text-file.ts';

/** Longer than any command; a "line" beyond it is some other kind of data. */
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * Cuts a stream of bytes into lines as they arrive. A line is what ends in LF or CRLF, or in the end of the stream. What is no text ends the reading:
 * the Problem is the last item.
 */
export class LineCutter {
  #parts: Uint8Array[] = [];
  #size = 0;

  /** The lines that this chunk completes, each its text without its end. */
  push(chunk: Uint8Array): (string | Problem)[] {
    const out: (string | Problem)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at));
      const line = this.#take();
      out.push(line);
      if (line instanceof Problem) return out;
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    // A stream of zeros or noise may never end its line: say so now, not when the memory is full.
    const suspect = this.#size > LONGEST_LINE || chunk.subarray(from).includes(0) ? this.#take() : undefined;
    if (suspect instanceof Problem) out.push(suspect);
    return out;
  }

  /** The end of the stream: the last line, if it had no end of its own. */
  end(): (string | Problem)[] {
    return this.#size === 0 ? [] : [this.#take()];
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#size += part.length;
  }

  #take(): string | Problem {
    if (this.#size > LONGEST_LINE)
      return new Problem(`a line is longer than ${LONGEST_LINE / 1024 / 1024} MB`, 'end commands with a line end');
    const text = decode(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#size = 0;
    if (text instanceof Problem) return text;
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}

/** Standard input, line by line, as it arrives. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string | Problem> {
  const cutter = new LineCutter();
  for await (const chunk of input) {
    for (const line of cutter.push(chunk)) {
      yield line;
      if (line instanceof Problem) return;
    }
  }
  yield* cutter.end();
}
