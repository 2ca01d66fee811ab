import { NO_OP, NO_PROC, type Op, type Proc } from '../core/ids.ts';

/** What a deferred request asks for. */
export const SEND = 0;
export const BEAT = 1;
export const REPLY = 2;
export const ARM = 3;
export const CANCEL = 4;

/** A request that waits behind a flush; those of one flush form a chain. Objects are reused: flushes are as common as messages. */
export class Deferred {
  next: Deferred | undefined = undefined;
  what = SEND;
  op: Op = NO_OP;
  to: Proc = NO_PROC;
  message: unknown = undefined;
  timer = 0;
  tag = 0;
  minUs = 0;
  maxUs = 0;

  /** The whole chain once more: a twin world uses up its own. */
  copy(): Deferred {
    const twin = Object.assign(new Deferred(), this);
    if (this.next !== undefined) twin.next = this.next.copy();
    return twin;
  }
}
