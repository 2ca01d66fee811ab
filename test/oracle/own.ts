import { implied } from '../../src/checkers/implications.ts';
import { models } from '../../src/checkers/index.ts';
import { decideBySearch } from '../../src/checkers/objects/decide.ts';
import { partOf } from '../../src/checkers/objects/part.ts';
import type { Checkers } from './judge.ts';
import { searched } from './searched.ts';

/** The project's own checkers, as they are, and the searches that some of them end in. */
export const own: Checkers = { models: [...models, searched({ decideBySearch, partOf })], implied };
