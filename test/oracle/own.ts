import { implied } from '../../src/checkers/implications.ts';
import { models } from '../../src/checkers/index.ts';
import type { Checkers } from './judge.ts';

/** The project's own checkers, as they are. */
export const own: Checkers = { models, implied };
