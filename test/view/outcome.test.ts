import { expect, it } from 'vitest';
import type { Row } from '../../src/session/types.ts';
import { plain } from '../../src/view/block.ts';
import { outcomeLine, valueText } from '../../src/view/outcome.ts';

const row = (parts: Partial<Row>): Row => ({ n: 1, command: '', kind: 'read', atUs: 0, tookUs: 1620, outcome: 'ok', node: 'a', ...parts });
const line = (parts: Partial<Row>) => plain(outcomeLine(row(parts)));

it('an outcome is its sign, its word, what it found, where and how long', () => {
  expect(line({ kind: 'set', value: 'apple' })).toBe('✓ ok  a  1.620 ms');
  expect(line({ value: 'apple', notes: ['via b'] })).toBe('✓ ok  apple  a  1.620 ms  via b');
  expect(line({ outcome: 'unknown', error: 'etcdserver: request timed out', node: 'c', tookUs: 7_000_000 })).toBe(
    '? unknown  etcdserver: request timed out  c  7.000 s',
  );
  expect(line({ outcome: 'fail', error: 'refused', tookUs: 100 })).toBe('✗ fail  refused  a  100.000 µs');
  expect(line({ value: 'init', stale: true, latest: 'apple', staleAgoUs: 2_100_000 })).toBe(
    '✓ ok  init  STALE, apple was acknowledged 2.100 s ago  a  1.620 ms',
  );
  expect(line({ value: 'init', stale: true, latest: null, staleAgoUs: 2_100_000 })).toContain(
    'STALE, its deletion was acknowledged 2.100 s ago',
  );
});

it('values cannot be mistaken for something else', () => {
  expect([null, 'none', '', 'a b', ' a', 'a\nb', 7, '7'].map((value) => valueText(value))).toEqual([
    'none',
    '"none"',
    '""',
    'a b',
    '" a"',
    '"a\\nb"',
    '7',
    '7',
  ]);
  expect(valueText(['apple', 'ba na'])).toBe('[apple, ba na]');
  expect(valueText('x'.repeat(100))).toBe(`${'x'.repeat(39)}…`);
});
