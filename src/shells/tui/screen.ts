import { writeSync } from 'node:fs';
import { EXIT } from '../exit.ts';
import { Painter } from './painter.ts';

/** The terminal, taken over for a full-screen program. */
export interface Screen {
  /** What Ink draws on: pass it as `stdout`, with `debug: true` and `exitOnCtrlC: false`. */
  readonly painter: Painter;
  /** What has to happen while the screen is still ours: Ink unmounted (it draws once more), progress saved. */
  beforeLeaving(action: () => void): void;
  /** Gives the terminal back as it was. Safe to call twice. */
  leave(): void;
}

/** What a screen takes over. */
export interface ScreenIo {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd: number };
  readonly stderr: { readonly fd: number };
}

// Alternate screen, bracketed paste, no application keypad; the cursor hidden until a frame places it.
const ENTER = '\u001b[?1049h\u001b[?2004h\u001b[?1l\u001b>\u001b[?25l\u001b[H\u001b[2J';
// Also what may be on after a crash in the middle of a frame: synchronized update, wrapping off, a colour.
const LEAVE = '\u001b[?2026l\u001b[?7h\u001b[0m\u001b[?2004l\u001b[?25h\u001b[?1049l';

const ENDS = [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
  ['SIGHUP', EXIT.hangUp],
] as const;

/**
 * Takes the terminal over and sees to it that every way out gives it back: the end of the program, `process.exit`, a
 * signal (exit 128 + its number), an exception nobody caught (its stack is written on the restored screen, exit 70),
 * and a terminal that went away. The caller has made sure that both ends are terminals.
 */
export function openScreen(io: ScreenIo): Screen {
  const painter = new Painter(io.stdout);
  const actions: (() => void)[] = [];
  let open = true;
  let present: boolean | undefined;
  const leave = (): boolean | undefined => {
    if (!open) return present;
    open = false;
    for (const action of actions) quietly(action);
    painter.close();
    for (const undo of undos) undo();
    quietly(() => io.stdin.setRawMode(false));
    io.stdin.pause();
    present = writeFully(io.stdout.fd, LEAVE);
    return present;
  };
  const undos = handlers(io, painter, leave);
  io.stdin.setRawMode(true);
  io.stdout.write(ENTER);
  return { painter, leave, beforeLeaving: (action) => actions.push(action) };
}

/** Listens for every way out; returns what takes the listeners away again. */
function handlers(io: ScreenIo, painter: Painter, leave: () => boolean | undefined): (() => void)[] {
  const undos: (() => void)[] = [];
  const on = (emitter: NodeJS.EventEmitter, event: string, listener: (...args: unknown[]) => void): void => {
    emitter.on(event, listener);
    undos.push(() => emitter.off(event, listener));
  };
  const end = (code: number): void => {
    const present = leave();
    // Leaving is under way: a terminal that is gone fails again for everything that is taken off it.
    if (present === undefined) return;
    if (!present) hangUp();
    process.exit(code);
  };
  for (const [signal, code] of ENDS) on(process, signal, () => end(code));
  // Stopped (from outside, or by our own Ctrl-Z): the shell gets a terminal it can use. SIGSTOP then does what the
  // signal that we caught would have done.
  on(process, 'SIGTSTP', () => {
    quietly(() => io.stdin.setRawMode(false));
    writeFully(io.stdout.fd, LEAVE);
    process.kill(process.pid, 'SIGSTOP');
  });
  on(process, 'SIGCONT', () => {
    quietly(() => io.stdin.setRawMode(true));
    io.stdout.write(ENTER);
    painter.invalidate();
  });
  on(process, 'exit', () => leave());
  on(process, 'uncaughtException', (error) => {
    leave();
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writeFully(io.stderr.fd, `${stack}\n`);
    process.exit(EXIT.fault);
  });
  // A terminal that is gone (EIO, EPIPE) has hung up, whether or not a signal says so.
  on(io.stdout, 'error', () => end(EXIT.hangUp));
  on(io.stdin, 'error', () => end(EXIT.hangUp));
  on(io.stdin, 'end', () => end(EXIT.hangUp));
  return undos;
}

/**
 * Ends without a terminal. There Node 20 aborts in its own tidying up, with a native stack; the signal's own end tells
 * whoever waits what happened. Ink's helpers listen to it too, to show a cursor that is nowhere; where it is ignored
 * (nohup), only SIGKILL is left. What had to be saved has been.
 */
function hangUp(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
  process.kill(process.pid, 'SIGKILL');
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // On the way out there is nobody left to tell, and what comes after must happen.
  }
}

/** Writes now, in an exit handler too, where a stream would not get round to it. False: there is no such place any more. */
function writeFully(fd: number, text: string): boolean {
  let rest = Buffer.from(text);
  // A terminal in non-blocking mode may be full for a moment (EAGAIN); one that stays full is given up.
  for (let tries = 0; rest.length > 0 && tries < 1000; tries++) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}
