import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { formatStatement } from '../lang/format.ts';
import { parseScript } from '../lang/parse.ts';
import type { Statement } from '../lang/statement.ts';
import { Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import type { Stage } from '../session/stage.ts';
import type { Row } from '../session/types.ts';
import { type Block, styled, text } from '../view/block.ts';
import { atEnd, bare } from './words.ts';

// save, load and quit. Files are a capability that the shell grants; a chapter has none.

const NO_FILES = new Problem('files cannot be reached from here', 'save and load work at the prompt of cap-tutor repl and in scripts');

function readPath(example: string): (statement: Statement) => string | Problem {
  return (statement) => {
    const reader = new Reader(statement, example);
    const path = reader.value('the name of a file');
    return isProblem(path) ? path : (atEnd(reader) ?? path);
  };
}

export const save: Command<string> = {
  verb: 'save',
  usage: ['save tour.cap'],
  help: 'write the commands that rebuild this world into a file',
  example: 'save tour.cap',
  group: 'session',
  changes: 'view',
  read: readPath('save tour.cap'),
  act: immediate((stage: Stage, path) => {
    const { files } = stage.host;
    if (files === undefined) return NO_FILES;
    return files.write(path, stage.host.script()) ?? { blocks: [text([`saved ${clip(path, 60)}`])] };
  }),
};

/** Runs another script's commands here, one after the other; each takes part in undo under its own number. */
export const load: Command<string> = {
  verb: 'load',
  usage: ['load tour.cap'],
  help: 'run the commands of a file',
  example: 'load tour.cap',
  group: 'session',
  changes: 'travel',
  read: readPath('load tour.cap'),
  *act(stage, path) {
    const { host } = stage;
    if (host.files === undefined) return NO_FILES;
    const found = host.files.read(path);
    if (isProblem(found)) return found;
    const { statements, problems } = parseScript(found, path);
    const scope = { system: host.system };
    const bad = problems[0] ?? statements.map((statement) => host.understand(statement, scope)).find(isProblem);
    if (bad !== undefined) return new Problem(`${clip(path, 60)}:${bad.at?.line ?? 1}:${(bad.at?.from ?? 0) + 1}: ${bad.what}`, bad.remedy);
    const nested = statements.find((statement) => statement.verb === 'load');
    if (nested !== undefined) return new Problem('a loaded file cannot load another', 'put the commands in one file', nested.place);
    const blocks: Block[] = [];
    const rows: Row[] = [];
    for (const statement of statements) {
      blocks.push(text([styled(`> ${formatStatement(statement)}`, 'command')]));
      const job = host.execute(statement);
      for (let step = job.step(stage.budget); ; step = job.step(stage.budget)) {
        if (!step.done) {
          yield;
          continue;
        }
        blocks.push(...step.reply.blocks);
        rows.push(...step.reply.rows);
        if (step.reply.problem !== undefined) blocks.push(text([styled(`✗ ${step.reply.problem.toString()}`, 'error')]));
        break;
      }
    }
    stage.live = host.live;
    return { blocks, rows };
  },
};

export const quit: Command<null> = {
  verb: 'quit',
  aliases: ['exit'],
  usage: ['quit'],
  help: 'leave',
  example: 'quit',
  group: 'session',
  changes: 'view',
  read: bare('quit'),
  act: immediate(() => ({ blocks: [], quit: true })),
};
