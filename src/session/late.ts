import type { Block } from '../view/block.ts';
import type { Row } from './types.ts';

/** A `&` operation that ended while another command ran: which one it was stands before its outcome. */
export function lateBlock(row: Row): Block {
  return { kind: 'outcome', row, late: true };
}
