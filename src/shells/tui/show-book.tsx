import { Book } from './app.tsx';
import { showFullScreen } from './open.tsx';
import type { Screen, ScreenIo } from './screen.ts';
import type { Store } from './store.ts';

/** Puts the book's components on a screen that is open already. Everything that Ink needs is loaded with this file, and not before. */
export function showBook(store: Store, io: ScreenIo, screen: Screen): Promise<void> {
  return showFullScreen(<Book store={store} />, io, undefined, screen);
}
