import type { Room } from './room.ts';

/** A state that nothing recorded has seen, nor any that grows out of it. All such states are one to the search. */
export const UNSEEN = -1;
/** An append that fits no state: reads found it in places that exclude each other. */
export const NOWHERE = -2;
/** An append that may happen anywhere, as far as reads tell. */
export const ANYWHERE = -3;

/**
 * The texts of one key that were read or compared with, as a tree of their beginnings: a state is a node of it, 0 is the empty text. What grows into no text that was
 * seen leaves the tree: no read fits it, appending keeps it so, and only a write ends it, so telling such states apart would be work for nothing. Nodes that were made one
 * after the other are neighbours in an array, so a text of length n is found in n comparisons.
 */
export class Growth {
  private char: Int32Array;
  private parent: Int32Array;
  private readonly room: Room;
  private size = 1;
  /** Children that are not the next node: by node and unit of text. */
  private readonly branches = new Map<number, number>();
  private last = '';
  private lastNode = 0;

  constructor(room: Room) {
    this.room = room;
    this.char = room.raw('char', 0);
    this.parent = room.raw('parent', 0);
  }

  /** The node of a text that was seen. */
  add(text: string): number {
    let node = 0;
    let at = 0;
    // What is read next is mostly what was read last, or goes on from it.
    if (text.length >= this.last.length && text.startsWith(this.last)) {
      node = this.lastNode;
      at = this.last.length;
    }
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const next = this.child(node, unit);
      node = next < 0 ? this.make(node, unit) : next;
    }
    this.last = text;
    this.lastNode = node;
    return node;
  }

  /** The node of a text that goes on from a node, or UNSEEN. */
  after(node: number, text: string): number {
    let at = node;
    for (let i = 0; i < text.length && at >= 0; i++) at = this.child(at, text.charCodeAt(i));
    return at;
  }

  /**
   * For each text that stands in some read the state that it must be appended to if it was written once: no other texts can make it up between them. What has no place then is seen in no
   * state. Undefined where reads do not tell: they do where all written texts begin with one unit that stands nowhere else in them, so that a text comes apart in one way only. `certain`
   * are the texts that were certainly read, each with its node; what only an unknown operation compared with (`perhaps`) may never have been there and tells nothing of the place.
   */
  places(
    written: readonly string[],
    certain: ReadonlyMap<number, string>,
    perhaps: ReadonlyMap<number, string>,
  ): ReadonlyMap<string, number> | undefined {
    const mark = markOf(written);
    if (mark < 0) return undefined;
    const places = new Map<string, number>();
    const done = this.room.filled('done', this.size);
    for (const [node, text] of certain) {
      this.parts(node, text, mark, done, (part, before) => {
        const place = places.get(part);
        places.set(part, place === undefined || place === before ? before : NOWHERE);
      });
    }
    for (const [node, text] of perhaps) {
      this.parts(node, text, mark, new Int32Array(this.size), (part) => {
        if (!places.has(part)) places.set(part, ANYWHERE);
      });
    }
    return places;
  }

  /** The parts that a text is made of, from its last to the first, each with the node before it; those that end in a node that is `done` no more. */
  private parts(end: number, text: string, mark: number, done: Int32Array, each: (part: string, before: number) => void): void {
    let node = end;
    for (let to = text.length, from = to; from > 0 && done[node] === 0; to = from) {
      const last = node;
      do {
        from--;
        node = this.parent[node] as number;
      } while (from > 0 && text.charCodeAt(from) !== mark);
      done[last] = 1;
      each(text.slice(from, to), node);
    }
  }

  private child(node: number, unit: number): number {
    const next = node + 1;
    if (next < this.size && this.parent[next] === node && this.char[next] === unit) return next;
    return this.branches.get(node * 0x10000 + unit) ?? UNSEEN;
  }

  private make(node: number, unit: number): number {
    if (this.size >= this.char.length || this.size >= this.parent.length) this.grow();
    const made = this.size++;
    this.char[made] = unit;
    this.parent[made] = node;
    if (made !== node + 1) this.branches.set(node * 0x10000 + unit, made);
    return made;
  }

  private grow(): void {
    const { char, parent } = this;
    this.char = this.room.raw('char', this.size * 2);
    this.parent = this.room.raw('parent', this.size * 2);
    // One of them may have been long enough.
    if (this.char !== char) this.char.set(char);
    if (this.parent !== parent) this.parent.set(parent);
  }
}

/** The unit with which all texts begin and that stands nowhere else in them; -1 where there is none. */
function markOf(texts: readonly string[]): number {
  let mark = -1;
  for (const text of texts) {
    const first = text.length === 0 ? -1 : text.charCodeAt(0);
    if (first < 0 || (mark >= 0 && first !== mark) || text.lastIndexOf(text[0] as string) !== 0) return -1;
    mark = first;
  }
  return mark;
}
