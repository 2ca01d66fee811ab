import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The size of the screen, drawn anew when it changes. Asked of the stream and not of Ink, which does not listen where
 * `CI` is set.
 */
export function useSize(): Size {
  const { stdout } = useStdout();
  const [size, setSize] = useState<Size>(() => ({ columns: stdout.columns, rows: stdout.rows }));
  useEffect(() => {
    const resized = (): void => {
      const { columns, rows } = stdout;
      setSize((old) => (old.columns === columns && old.rows === rows ? old : { columns, rows }));
    };
    // It may have changed between the first drawing and now.
    resized();
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout]);
  return size;
}
