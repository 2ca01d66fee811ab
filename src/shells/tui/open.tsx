import { render } from 'ink';
import type { ReactElement } from 'react';
import type { Painter } from './painter.ts';
import { openScreen, type Screen, type ScreenIo } from './screen.ts';

/**
 * Shows a component full screen until it calls Ink's `exit`, then gives the terminal back. Rejects with what a component
 * threw while drawing, the terminal restored already. `beforeLeaving` is called once on every way out, a signal or crash
 * included: what must not be lost is saved there, at once. The screen may have been opened before, for a first frame of its own.
 */
export async function showFullScreen(
  app: ReactElement,
  io: ScreenIo,
  beforeLeaving: () => void = () => undefined,
  screen: Screen = openScreen(io),
): Promise<void> {
  const ink = render(app, {
    stdout: asStdout(screen.painter),
    stdin: io.stdin,
    // Whole frames at once, whatever CI says: the painter finds out what changed.
    debug: true,
    // Ctrl-C is a key like others, and the book's own.
    exitOnCtrlC: false,
    patchConsole: false,
  });
  screen.beforeLeaving(beforeLeaving);
  screen.beforeLeaving(() => ink.unmount());
  try {
    await ink.waitUntilExit();
  } finally {
    screen.leave();
  }
}

/** Ink asks its `stdout` for `write`, `columns`, `rows`, `isTTY` and the resize event only: the painter has them all. */
function asStdout(painter: Painter): NodeJS.WriteStream {
  return painter as unknown as NodeJS.WriteStream;
}
