import type { Quest } from '../../hunt/hunting.ts';
import type { Result } from '../../hunt/ledger.ts';
import type { Found, Hunt } from '../../hunt/run.ts';

/** What the threads of a hunt say to each other: plain data. */

/** What a worker starts with: the words of the hunt, which it understands as the program did, and where it notes the run that it is at. */
export interface Start {
  readonly quest: Quest;
  /** One number for each worker. */
  readonly at: Int32Array;
  readonly index: number;
}

/** Runs to do: from `from` (included, counted from 0) to `to` (excluded). */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** Their results, up to the first that ends the hunt. */
export interface Done {
  readonly from: number;
  readonly results: readonly Packed[];
}

/** A result without the system in it, which is code. */
export type Packed =
  | Exclude<Result, { readonly found: Found | undefined }>
  | (Omit<Extract<Result, { readonly events: number }>, 'found'> & { readonly found: PackedFound | undefined });

interface PackedFound extends Omit<Found, 'setup'> {
  readonly nodes: number;
  readonly seed: number;
}

export function pack(result: Result): Packed {
  if ('error' in result) return result;
  const { found } = result;
  if (found === undefined) return { ...result, found };
  const { setup, ...rest } = found;
  return { ...result, found: { ...rest, nodes: setup.nodes.length, seed: setup.seed } };
}

export function unpack({ ground }: Hunt, packed: Packed): Result {
  if ('error' in packed) return packed;
  const { found } = packed;
  if (found === undefined) return { ...packed, found };
  const { nodes, seed, ...rest } = found;
  const setup = ground.setups.find((one) => one.nodes.length === nodes);
  if (setup === undefined) throw new Error(`a run used ${nodes} nodes, and no cluster of this hunt has so many`);
  return { ...packed, found: { ...rest, setup: { ...setup, seed } } };
}
