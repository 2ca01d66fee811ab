import { Problem } from '../core/problem.ts';
import { type Command, immediate } from '../session/command.ts';
import { bare } from './words.ts';
export const diagram: Command<null> = { verb: 'diagram', usage: ['diagram'], help: 'the space-time diagram', example: 'diagram', group: 'look', changes: 'view', read: bare('diagram'), act: immediate(() => new Problem('diagram: not yet')) };
