import {
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { type Place, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';

/**
 * YAML as a tree in which every value knows its place. The events of the parser are read and nothing is ever constructed: there are only texts, lists and
 * mappings (YAML's failsafe schema), so no tag can make an object, and aliases, with which a small file grows large, are refused.
 */
export type Yaml = YamlText | YamlList | YamlMap;

export interface YamlText {
  readonly kind: 'text';
  readonly text: string;
  readonly at: Place;
  /** Of a block (`|`): where its text begins in the file, so that lines within can be named. */
  readonly block?: { readonly line: number; readonly indent: number };
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly Yaml[];
  readonly at: Place;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: YamlText; readonly value: Yaml }[];
  readonly at: Place;
}

/** What a page of a book can sensibly hold; more is a mistake or an attack. */
const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 8;

/** `firstLine`: the file's line on which `source` begins. An empty source is an empty mapping. */
export function readYaml(source: string, firstLine: number): Yaml | Problem {
  const lines = new LineTable(source, firstLine);
  if (source.length > MAX_CHARACTERS) {
    return new Problem(`this is longer than ${MAX_CHARACTERS / 1024} kB`, 'split it', lines.place(0, 1));
  }
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    return new Builder(source, events, lines).document();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const from = Math.min(error.mark?.position ?? 0, source.length);
    return new Problem(
      `YAML: ${clip(error.reason, 120)}`,
      'quote a text that has : # [ { or a quote in it, or put it below a |',
      lines.place(from, from + 1),
    );
  }
}

class LineTable {
  readonly #starts: number[] = [0];
  readonly #firstLine: number;

  constructor(source: string, firstLine: number) {
    this.#firstLine = firstLine;
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  lineOf(offset: number): number {
    return this.#firstLine + this.#index(offset);
  }

  place(from: number, to: number): Place {
    const index = this.#index(from);
    const start = this.#starts[index] ?? 0;
    const end = this.#starts[index + 1] ?? Number.MAX_SAFE_INTEGER;
    // A place lies on one line: what goes on below is marked to the end of its first.
    const stop = to >= end ? end - 1 : to;
    return { from: from - start, to: Math.max(stop - start, from - start + 1), line: this.#firstLine + index };
  }

  #index(offset: number): number {
    return this.#starts.findLastIndex((start) => start <= offset);
  }
}

/** From events to a tree. It recurses as deep as MAX_DEPTH, which the parser has checked. */
class Builder {
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #lines: LineTable;
  #next = 0;

  constructor(source: string, events: readonly Event[], lines: LineTable) {
    this.#source = source;
    this.#events = events;
    this.#lines = lines;
  }

  document(): Yaml | Problem {
    const documents = this.#events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length;
    if (documents > 1) return new Problem('there are several YAML documents here', 'take out the lines ---', this.#lines.place(0, 1));
    this.#next = 1;
    const first = this.#events[1];
    if (first === undefined || first.type === EVENT_ID.POP) return { kind: 'map', entries: [], at: this.#lines.place(0, 1) };
    return this.#value();
  }

  #value(): Yaml | Problem {
    const event = this.#events[this.#next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#plainly(event) ?? this.#text(event);
      case EVENT_ID.SEQUENCE:
        return this.#plainly(event) ?? this.#list(event);
      case EVENT_ID.MAPPING:
        return this.#plainly(event) ?? this.#map(event);
      case EVENT_ID.ALIAS:
        return new Problem('a chapter has no aliases (*name)', 'write it out', this.#lines.place(event.anchorStart, event.anchorEnd));
      default:
        throw new Error('broken guarantee: the YAML parser gives a value between a document and its end');
    }
  }

  /** Tags and anchors are refused: nothing here needs them, and a tag asks a reader of YAML to make something. */
  #plainly(event: ScalarEvent | SequenceEvent | MappingEvent): Problem | undefined {
    if (event.tagEnd > event.tagStart) {
      return new Problem(
        'a chapter has no tags (!name)',
        'quote the text if it begins with !',
        this.#lines.place(event.tagStart, event.tagEnd),
      );
    }
    if (event.anchorEnd > event.anchorStart) {
      return new Problem(
        'a chapter has no anchors (&name)',
        'quote the text if it begins with &',
        this.#lines.place(event.anchorStart, event.anchorEnd),
      );
    }
    return undefined;
  }

  #text(event: ScalarEvent): YamlText {
    // A key with nothing behind it: the value has no place, and `#map` gives it the key's.
    if (event.valueStart < 0) return { kind: 'text', text: '', at: this.#lines.place(0, 1) };
    const text = getScalarValue(this.#source, event);
    const at = this.#lines.place(event.valueStart, event.valueEnd);
    const block = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    return {
      kind: 'text',
      text,
      at,
      ...(block ? { block: { line: this.#lines.lineOf(event.valueStart), indent: Math.max(0, event.indent) } } : {}),
    };
  }

  #list(event: SequenceEvent): YamlList | Problem {
    const items: Yaml[] = [];
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      const item = this.#value();
      if (item instanceof Problem) return item;
      items.push(item);
    }
    this.#next++;
    return { kind: 'list', items, at: this.#lines.place(event.start, event.start + 1) };
  }

  #map(event: MappingEvent): YamlMap | Problem {
    const entries: { key: YamlText; value: Yaml }[] = [];
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      const key = this.#value();
      if (key instanceof Problem) return key;
      if (key.kind !== 'text') return new Problem('a key must be a word', 'write for example slug: stale-follower', key.at);
      const value = this.#value();
      if (value instanceof Problem) return value;
      const placed: Yaml = value.kind === 'text' && value.text === '' ? { ...value, at: key.at } : value;
      if (entries.some((entry) => entry.key.text === key.text))
        return new Problem(`${clip(key.text)}: is given twice`, 'keep one of the two', key.at);
      entries.push({ key, value: placed });
    }
    this.#next++;
    return { kind: 'map', entries, at: this.#lines.place(event.start, event.start + 1) };
  }
}
