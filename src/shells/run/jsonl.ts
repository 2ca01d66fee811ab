import { toMs } from '../../core/units.ts';
import type { Row } from '../../session/types.ts';
import type { Out, Report, Summary } from './report.ts';

/** JSON Lines, format 1 (LANGUAGE section 3): one object for each row, in the order in which things completed, and one for each script's end. */
export function jsonlReport(out: Out): Report {
  let file: string | undefined;
  return {
    begin(name, named) {
      file = named ? name : undefined;
    },
    refused() {},
    reply(reply) {
      for (const row of reply.rows) out(`${jsonRow(row, file)}\n`);
    },
    end(summary) {
      if (summary !== undefined) out(`${jsonSummary(summary, file)}\n`);
    },
    finish() {},
  };
}

/** One row. `JSON.stringify` leaves out what is undefined, so an absent key is absent; `null` stays, as "no value". */
export function jsonRow(row: Row, file: string | undefined): string {
  return JSON.stringify({
    n: row.n,
    line: row.line,
    command: row.command,
    kind: row.kind,
    at: toMs(row.atUs),
    took: toMs(row.tookUs),
    outcome: row.outcome,
    client: row.client,
    node: row.node,
    key: row.key,
    value: row.value,
    stale: row.stale,
    latest: row.latest,
    error: row.error,
    call: row.call,
    return: row.return,
    pending: row.pending,
    sides: row.sides,
    models: row.models,
    ...(row.held === undefined ? {} : { held: row.held, expected: row.expected, actual: row.actual }),
    nodes: row.nodes,
    file,
    // What histories need beyond the keys of format 1 stands behind them.
    ...(row.held === undefined ? { expected: row.expected } : {}),
    compared: row.compared,
    process: row.process,
    runs: row.runs,
    script: row.script,
  });
}

function jsonSummary(summary: Summary, file: string | undefined): string {
  const { system, seed, commands, held, failed, nowUs } = summary;
  return JSON.stringify({
    summary: true,
    system,
    seed,
    commands,
    expectations: { held, failed },
    virtual_ms: toMs(nowUs),
    format: 1,
    file,
  });
}
