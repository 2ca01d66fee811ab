import { isProblem, type Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import { Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import type { Stage } from '../session/stage.ts';
import { styled, text } from '../view/block.ts';
import { type Claim, judge, readClaim, readSpread } from './claims.ts';
import { whyBlocks } from './why.ts';

/** A claim, and how it was written. */
export interface Expectation {
  readonly claim: Claim;
  readonly negated: boolean;
  readonly says: string;
}

/** One form that works, near to what was meant. */
const EXAMPLES: Readonly<Record<string, string>> = {
  took: 'expect took < 50ms',
  error: 'expect error "timed out"',
  leader: 'expect leader a',
  no: 'expect no leader',
  check: 'expect check linearizable',
  siblings: 'expect siblings apple banana',
  op: 'expect op 5 unknown',
};

function exampleFor(statement: Statement): string {
  const first = statement.words.find((word) => word.text.toLowerCase() !== 'not');
  return EXAMPLES[first?.text.toLowerCase() ?? ''] ?? 'expect ok';
}

function read(statement: Statement): Expectation | Problem {
  const reader = new Reader(statement, exampleFor(statement));
  const negated = reader.keyword('not') !== undefined;
  const spread = reader.left === 0 ? readSpread(statement) : undefined;
  const claim = spread ?? readClaim(reader, statement);
  if (isProblem(claim)) return claim;
  const rest = reader.end() ?? (spread === undefined ? reader.noOptions() : undefined) ?? reader.foreground();
  if (rest !== undefined) return rest;
  return { claim, negated, says: statement.text.replace(/^\S+\s+/, '') };
}

/**
 * `expect` judges the client result printed last, or the cluster. A statement about a value that was not read fails, and so does its negation
 * (LANGUAGE section 5): nothing was shown either way.
 */
export const expect: Command<Expectation> = {
  verb: 'expect',
  usage: [
    'expect ok | fail | unknown',
    'expect apple | none | stale | fresh',
    'expect error "timed out"',
    'expect siblings apple banana',
    'expect took < 50ms',
    'expect leader a | leader in b c | no leader',
    'expect x@c = apple',
    'expect converged',
    'expect check linearizable [violated]',
    'expect op 5 unknown',
    'expect not …',
  ],
  help: 'state what must be true of the last result or of the cluster; a script with a failed one exits 1',
  example: 'expect ok',
  group: 'judge',
  changes: 'view',
  read,
  act: immediate((stage: Stage, { claim, negated, says }) => {
    const finding = judge(stage, claim);
    if (isProblem(finding)) return finding;
    const held = finding.undefined === true ? false : finding.holds !== negated;
    const row = { held, expected: says, actual: finding.actual };
    if (held) return { blocks: [text([styled('✓', 'ok'), ` ${says}`])], row };
    const about = finding.op;
    return {
      blocks: [text([styled('✗', 'fail'), ` expected ${says}`, styled(` but ${finding.actual}`, 'fail')]), ...whyBlocks(stage, about)],
      row,
    };
  }),
};
