import { useStdin } from 'ink';
import { useEffect, useRef } from 'react';
import { Decoder } from '../terminal/decoder.ts';
import type { InputEvent } from '../terminal/keys.ts';

/**
 * Calls `handler` with every key, text and paste. The only way a component of ours hears the keyboard: Ink's own
 * `useInput` loses keys that come fast, reads Delete as Backspace and throws at some function keys.
 *
 * The handler may be a new function on every drawing; it is called with the newest. Keys that come in one chunk are
 * handled one after the other before anything is drawn: a handler that keeps state does so in a reducer, never in a
 * value it closed over.
 */
export function useKeys(handler: (event: InputEvent) => void): void {
  const { stdin, setRawMode } = useStdin();
  const newest = useRef(handler);
  newest.current = handler;
  useEffect(() => {
    const decoder = new Decoder();
    let timer: NodeJS.Timeout | undefined;
    const emit = (events: readonly InputEvent[]): void => {
      for (const event of events) newest.current(event);
    };
    const heard = (chunk: string | Uint8Array): void => {
      clearTimeout(timer);
      emit(decoder.push(chunk));
      const wait = decoder.waitMs;
      if (wait !== undefined) timer = setTimeout(() => emit(decoder.flush()), wait);
    };
    // Ink reads in raw mode and drops what it reads, but every read is a `data` event too.
    setRawMode(true);
    stdin.on('data', heard);
    return () => {
      clearTimeout(timer);
      stdin.off('data', heard);
      setRawMode(false);
    };
  }, [stdin, setRawMode]);
}
