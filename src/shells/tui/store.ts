import type { Completer } from '../terminal/completion.ts';
import type { Action, BookState, Effect } from './book-state.ts';
import { reduce } from './reduce.ts';

/** Holds the state. Actions are reduced at once, one after the other; who draws is told once for all that came in one turn of the loop. */
export class Store {
  #state: BookState;
  readonly #listeners = new Set<() => void>();
  #scheduled = false;
  readonly #completer: Completer;
  readonly #act: (effect: Effect, state: BookState) => void;
  readonly #changed: (state: BookState, before: BookState) => void;

  constructor(
    state: BookState,
    tools: {
      readonly completer: Completer;
      readonly act: (effect: Effect, state: BookState) => void;
      readonly changed: (state: BookState, before: BookState) => void;
    },
  ) {
    this.#state = state;
    this.#completer = tools.completer;
    this.#act = tools.act;
    this.#changed = tools.changed;
  }

  get state(): BookState {
    return this.#state;
  }

  dispatch(action: Action): void {
    const before = this.#state;
    const { state, effects } = reduce(before, action, this.#completer);
    this.#state = state;
    if (state !== before) {
      this.#changed(state, before);
      this.#schedule();
    }
    for (const effect of effects) this.#act(effect, state);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
