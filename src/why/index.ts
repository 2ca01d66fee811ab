export { explainCommand } from './command.ts';
export { type DiagramSpan, diagramOf } from './diagram.ts';
export { explain } from './explain.ts';
export { Reading } from './reading.ts';
export { nodesNamed, phrase, sentence } from './sentence.ts';
export { lossWord, type StepScene, stepLine } from './steps.ts';
export { retarget } from './suggest.ts';
export type { CopyAt, Explanation, NewestWrite, Scene, Suggestion, WhyCommand, WhyInput } from './types.ts';
