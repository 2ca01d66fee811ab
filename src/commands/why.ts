import type { Op } from '../core/ids.ts';
import type { Command } from '../session/command.ts';
import type { Stage } from '../session/stage.ts';
import type { Block } from '../view/block.ts';
export function whyBlocks(_stage: Stage, _op: Op): readonly Block[] { return []; }
export const why: Command<null> = { verb: 'why', usage: ['why'], help: 'x', example: 'why', group: 'look', changes: 'view', read: () => null, *act() { return { blocks: [] }; } };
