import type { Proc } from '../../src/core/ids.ts';
import { replay } from '../../src/protocols/raft/durability.ts';
import type { Entry, RaftRecord } from '../../src/protocols/raft/types.ts';
import type { Lab } from './raft-lab.ts';

/**
 * Watches the safety properties of figure 3 of the Raft paper over a whole run. It remembers what it has seen, so that a property of
 * histories ("once committed, always committed") is seen to break, not only one of moments.
 */
export class Watch {
  readonly broken: string[] = [];
  readonly #leaders = new Map<number, Proc>();
  /** What (index, term) stands for: the operation, and the term of the entry before. */
  readonly #entries = new Map<string, string>();
  readonly #committed = new Map<number, { term: number; what: string; inTerm: number }>();
  readonly #states = new Map<number, string>();

  look(lab: Lab): void {
    for (let proc = 0; proc < lab.world.size; proc++) this.#lookAt(lab, proc);
    for (let proc = 0; proc < lab.world.size; proc++) this.#completeness(lab, proc);
  }

  #say(what: string): void {
    if (!this.broken.includes(what)) this.broken.push(what);
  }

  #lookAt(lab: Lab, proc: Proc): void {
    const memory = lab.memory(proc);
    const disk = lab.world.nodes[proc]?.disk.records as RaftRecord[];
    if (memory === undefined) {
      const { entries, snapshot } = replay(disk);
      this.#matching(entries, snapshot?.term ?? 0);
      return;
    }
    const { raft, store } = memory;
    if (raft.role === 'leader') {
      const other = this.#leaders.get(raft.term);
      if (other !== undefined && other !== proc) this.#say('election safety: two leaders in one term');
      this.#leaders.set(raft.term, proc);
    }
    const { items } = raft.log.entries;
    this.#matching(items, raft.log.baseTerm);
    for (const entry of items) {
      if (entry.index > raft.commit) break;
      const known = this.#committed.get(entry.index);
      const what = nameOf(entry);
      if (known === undefined) this.#committed.set(entry.index, { term: entry.term, what, inTerm: raft.term });
      else if (known.term !== entry.term || known.what !== what) this.#say('state machine safety: two entries committed at one index');
    }
    const state = JSON.stringify([store.rev, [...store.keys.map].sort(([a], [b]) => (a < b ? -1 : 1))]);
    const known = this.#states.get(raft.applied);
    if (known === undefined) this.#states.set(raft.applied, state);
    else if (known !== state) this.#say('state machine safety: two states after the same entry');
  }

  #matching(entries: readonly Entry[], baseTerm: number): void {
    let before = baseTerm;
    for (const entry of entries) {
      const id = `${entry.index} ${entry.term}`;
      const what = `${nameOf(entry)} after ${before}`;
      const known = this.#entries.get(id);
      if (known === undefined) this.#entries.set(id, what);
      else if (known !== what) this.#say('log matching: one index and term, two histories');
      before = entry.term;
    }
  }

  /** A leader has every entry that was committed in an earlier term. */
  #completeness(lab: Lab, proc: Proc): void {
    const raft = lab.memory(proc)?.raft;
    if (raft?.role !== 'leader') return;
    for (const [index, known] of this.#committed) {
      if (index <= raft.log.base || known.inTerm >= raft.term) continue;
      const entry = raft.log.entries.items[index - raft.log.base - 1];
      if (entry === undefined || entry.term !== known.term) this.#say('leader completeness: a leader lacks a committed entry');
    }
  }
}

function nameOf(entry: Entry): string {
  return entry.command === null ? 'empty' : `#${entry.op}`;
}
