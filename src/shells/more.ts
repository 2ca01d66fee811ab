/**
 * The shells that nobody measures the start of, as one lazy part. Each file that a bundle is cut into costs its own opening and reading, so `run` and the first screen
 * are kept to as few as can be: what is shared by every further way in would become a file of its own.
 */

export { listChapters } from './chapters.ts';
export { check } from './check/check.ts';
export { listModels } from './check/models.ts';
export { hunt } from './hunt/hunt.ts';
export { work } from './hunt/worker.ts';
export { listSystems } from './lists.ts';
export { repl } from './repl/repl.ts';
export { verify } from './verify/verify.ts';
