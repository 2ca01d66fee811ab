import { Problem } from '../core/problem.ts';
import { type Command, immediate } from '../session/command.ts';

/** Verbs of the language that do nothing yet say so, rather than being unknown. */
function later(verb: string, what: string, instead: string): Command<null> {
  return {
    verb,
    usage: [verb],
    help: `${what} (not yet)`,
    example: instead,
    group: 'session',
    changes: 'view',
    read: () => null,
    act: immediate((stage) => new Problem(`${verb} does not work yet: ${what}`, instead, stage.statement.verbAt)),
  };
}

export const notYet: readonly Command<null>[] = [
  later('fork', 'keep several timelines side by side', 'until then: undo and redo, or save and load'),
  later('switch', 'go to another timeline', 'until then: undo and redo'),
  later('branches', 'list the timelines', 'until then: undo and redo'),
  later('compare', 'the same commands on other systems', 'until then: run the script with --system for each'),
];
