import { CAS, OK, READ, UNEQUAL } from '../../../src/history/columns.ts';
import type { Random } from '../random.ts';
import { type Answer, type Request, run, type Store } from './machine.ts';

/**
 * A replica for each process: it answers from what it has, and takes in the updates of others late, in the order of each sender or in any. What weaker models allow, or
 * forbid just so.
 */
export class Replicas {
  readonly correct = false;
  private readonly type: string;
  private readonly random: Random;
  private readonly stores: readonly Store[];
  /** For each replica the updates that it has not taken in, in the order in which they were sent. */
  private readonly inboxes: readonly Request[][];
  private readonly inOrder: boolean;
  private readonly eager: number;

  constructor(type: string, random: Random, processes: number) {
    this.type = type;
    this.random = random;
    this.stores = Array.from({ length: processes }, () => new Map());
    this.inboxes = this.stores.map(() => []);
    this.inOrder = random.chance(75);
    this.eager = random.pick([20, 50, 80]);
  }

  answer(request: Request): Answer {
    const at = (request.process % 5) % this.stores.length;
    const store = this.stores[at] as Store;
    const inbox = this.inboxes[at] as Request[];
    while (inbox.length > 0 && this.random.chance(this.eager)) this.takeIn(store, inbox);
    const answer = run(this.type, store, request, this.random);
    if (request.effect !== READ && answer.status === OK) for (const other of this.inboxes) if (other !== inbox) other.push(request);
    return answer;
  }

  private takeIn(store: Store, inbox: Request[]): void {
    const chosen = this.random.below(inbox.length);
    const { process } = inbox[chosen] as Request;
    // Messages of one sender overtake each other only where nothing keeps them in order.
    const at = this.inOrder ? inbox.findIndex((one) => one.process === process) : chosen;
    const [update] = inbox.splice(at, 1) as [Request];
    const sure = update.effect === CAS ? { ...update, effect: 1 } : update;
    const { status } = run(this.type, store, sure, this.random);
    if (status === UNEQUAL) throw new Error('a replica takes an update in as a write');
  }
}
