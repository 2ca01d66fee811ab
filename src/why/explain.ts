import { formatDuration } from '../core/units.ts';
import { unreachable } from '../core/unreachable.ts';
import { FINISHED } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { clockTrees, removals, staleTrees } from './copies.ts';
import { failTrees, okTrees, openTrees } from './outcomes.ts';
import { Reading } from './reading.ts';
import { folded, ofOperation, saidLine } from './reasons.ts';
import { candidates } from './suggest.ts';
import { Teller } from './teller.ts';
import { trimmed } from './trim.ts';
import type { Explanation, WhyInput } from './types.ts';
import { line, span, tree } from './words.ts';

/**
 * Explains how one operation ended, or why it has not, from the trace alone: no protocol is known here. Never throws for a sound trace; a rule that was
 * stated without one of its facts is a bug of its system, and does.
 */
export function explain(input: WhyInput): Explanation {
  const whole = new Reading(input.trace);
  const finished = whole.finishOf(input.op, FINISHED);
  // What happened after an operation's end explains nothing about it, except where its effect vanished later.
  const reading = finished === 0 || input.gone === true ? whole : new Reading(input.trace, finished);
  const teller = new Teller(input, reading);
  const found = trimmed([...rootsOf(teller, input, finished), ...aftermath(input, whole, finished)]);
  const roots = found.length > 0 ? found : [tree(line('nothing has come of it yet'))];
  const wantsChange = input.outcome?.status !== 'ok' || input.newest !== undefined || input.gone === true || teller.blamed.length > 0;
  return { headline: headline(input), roots, suggestions: wantsChange && found.length > 0 ? candidates(teller, input) : [] };
}

function rootsOf(teller: Teller, input: WhyInput, finished: number): readonly Tree[] {
  const status = input.outcome?.status;
  switch (status) {
    case undefined:
    case 'unknown':
      return openTrees(teller, input, finished);
    case 'fail':
      return failTrees(teller, input, finished);
    case 'ok': {
      if (input.newest !== undefined) return [...staleTrees(teller, input, input.newest), ...okTrees(teller, input, finished, 2)];
      if (input.gone === true) {
        const lost = removals(teller, input.op, input.key);
        const head = line(
          'it was acknowledged, and no node holds it any more',
          lost.length === 0 ? '; the trace does not say what removed it' : '',
        );
        return [tree(head, [...lost, ...clockTrees(teller)]), ...okTrees(teller, input, finished, 2)];
      }
      return okTrees(teller, input, finished, 6);
    }
    default:
      return unreachable(status);
  }
}

/** What became later of something whose client had given up: it was carried out after all, or thrown away. */
function aftermath(input: WhyInput, whole: Reading, finished: number): readonly Tree[] {
  if (finished === 0 || input.outcome?.status !== 'unknown') return [];
  const teller = new Teller(input, whole);
  const later = ofOperation(teller, input.op, ['stored', 'answered', 'dropped', 'repaired']).filter((row) => row > finished);
  return folded(teller, later)
    .slice(-2)
    .map((said) => tree(line(span('later, ', 'dim'), saidLine(teller, said, input.callUs))));
}

function headline(input: WhyInput): Line {
  const { outcome, text } = input;
  if (outcome === undefined || input.returnUs === undefined) return line(span(text, 'command'), ' is ', span('pending', 'unknown'));
  const took = formatDuration(input.returnUs - input.callUs);
  const stale = input.newest === undefined ? undefined : line(', and is ', span('stale', 'stale'));
  return line(
    span(text, 'command'),
    ' ended ',
    span(outcome.status, outcome.status),
    ` after ${took}`,
    outcome.error === undefined ? '' : `: ${outcome.error}`,
    stale,
  );
}
