import { byNumber } from '../core/order.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import { formatDuration } from '../core/units.ts';
import { must } from '../core/unreachable.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import type { Live } from '../session/live.ts';
import { conditionOf, inspect, withNames } from '../session/overview.ts';
import type { Stage } from '../session/stage.ts';
import type { Row } from '../session/types.ts';
import type { Node } from '../sim/node.ts';
import type { Json } from '../systems/index.ts';
import { type Block, type Column, type Line, styled, text } from '../view/block.ts';
import { clusterMap } from '../view/cluster-map.ts';
import { diagram } from './diagram.ts';
import { history } from './history.ts';
import { atEnd, bare } from './words.ts';

const show: Command<null> = {
  verb: 'show',
  usage: ['show'],
  help: 'the cluster map: roles, sides, what each node holds',
  example: 'show',
  group: 'look',
  changes: 'view',
  read: bare('show'),
  act: immediate((stage: Stage) => {
    const data = stage.host.overview();
    return { blocks: [{ kind: 'drawing', draw: (width) => clusterMap(data, width) }] };
  }),
};

/** One optional node. */
function readNode(example: string): (statement: Statement) => Word | null | Problem {
  return (statement) => {
    const reader = new Reader(statement, example);
    if (reader.left === 0) return reader.noOptions() ?? reader.foreground() ?? statement.at ?? null;
    const word = reader.word('a node');
    return isProblem(word) ? word : (atEnd(reader) ?? word);
  };
}

function servers(stage: Stage, word: Word | null): readonly number[] | Problem {
  if (word === null) return stage.live.nodes.map((_, i) => i);
  const proc = stage.node(word);
  return isProblem(proc) ? proc : [proc];
}

/** What is to be said of each server, or of the one named, in order. */
function ofServers(stage: Stage, word: Word | null, tell: (node: Node) => readonly Block[]): readonly Block[] | Problem {
  const procs = servers(stage, word);
  return isProblem(procs) ? procs : procs.flatMap((proc) => tell(must(stage.live.world.nodes[proc], 'a server has a process')));
}

const state: Command<Word | null> = {
  verb: 'state',
  usage: ['state', 'state b'],
  help: 'what each replica, or one, holds and believes',
  example: 'state b',
  group: 'look',
  changes: 'view',
  read: readNode('state b'),
  act: immediate((stage: Stage, word): Answer | Problem => {
    const { live } = stage;
    const nodes: Record<string, Json> = {};
    const blocks = ofServers(stage, word, (node) => {
      const found = inspect(live, node.self);
      const name = live.name(node.self);
      const condition = conditionOf(node);
      nodes[name] = { condition, ...found.json };
      const title: Line = [styled(name, 'node'), condition === 'up' ? '' : `  ${condition}`];
      const left = { title: '', align: 'left' } as const;
      const rows = found.details.map(([what, value]): Line[] => [[`  ${what}`], [value]]);
      return [text(title), { kind: 'table', columns: [left, left], rows }];
    });
    return isProblem(blocks) ? blocks : { blocks, row: { nodes } };
  }),
};

/** A server's log as its system tells it. */
function logBlocks(live: Live, node: Node): readonly Block[] {
  const table = live.system.log(node.up ? node.memory : undefined, node.disk, live.world.config as object, node.self);
  const title = text([styled(live.name(node.self), 'node'), node.up ? '' : `  ${conditionOf(node)}: what its disk holds`]);
  const columns = table.columns.map(
    ({ title, kind }): Column => ({ title, align: kind === 'text' ? 'left' : 'right', shrink: kind === 'text' }),
  );
  const rows = table.rows.map((row) => row.map((cell): Line => [withNames(live, cell)]));
  return [
    title,
    ...(rows.length === 0 ? [] : [{ kind: 'table' as const, columns, rows }]),
    ...(table.note === undefined ? [] : [text([styled(table.note, 'dim')])]),
  ];
}

const log: Command<Word | null> = {
  verb: 'log',
  usage: ['log', 'log b'],
  help: 'the log of each replica, or of one',
  example: 'log a',
  group: 'look',
  changes: 'view',
  read: readNode('log a'),
  act: immediate((stage: Stage, word): Answer | Problem => {
    const blocks = ofServers(stage, word, (node) => logBlocks(stage.live, node));
    return isProblem(blocks) ? blocks : { blocks };
  }),
};

/** Figures of one kind of operation: virtual microseconds of those that ended ok. */
function statRow(kind: string, rows: readonly Row[]): readonly Line[] {
  const count = (outcome: Row['outcome']): string => String(rows.filter((row) => row.outcome === outcome).length);
  const took = rows
    .filter((row) => row.outcome === 'ok')
    .map((row) => row.tookUs)
    .sort(byNumber);
  const at = (share: number): string =>
    took.length === 0 ? '' : formatDuration(took[Math.min(took.length - 1, Math.floor(share * took.length))] as number);
  const stale = rows.filter((row) => row.stale === true).length;
  return [
    [kind],
    [count('ok')],
    [count('fail')],
    [count('unknown')],
    [kind === 'read' ? String(stale) : ''],
    [at(0.5)],
    [at(0.99)],
    [took.length === 0 ? '' : formatDuration(took.at(-1) as number)],
  ];
}

const stats: Command<null> = {
  verb: 'stats',
  usage: ['stats'],
  help: 'outcomes and latencies of the client operations so far',
  example: 'stats',
  group: 'look',
  changes: 'view',
  read: bare('stats'),
  act: immediate((stage: Stage) => {
    const rows = [...stage.live.rows.map.values()];
    if (rows.length === 0) return { blocks: [text(['no client operation has ended yet'])] };
    const kinds = [...new Set(rows.map((row) => row.kind))];
    const right = (title: string): { readonly title: string; readonly align: 'right' } => ({ title, align: 'right' });
    return {
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: '', align: 'left' },
            right('ok'),
            right('fail'),
            right('unknown'),
            right('stale'),
            right('median'),
            right('p99'),
            right('slowest'),
          ],
          rows: kinds.map((kind) =>
            statRow(
              kind,
              rows.filter((row) => row.kind === kind),
            ),
          ),
        },
      ],
    };
  }),
};

export const looks: readonly Command[] = [show, state, log, diagram, history, stats] as readonly Command[];
