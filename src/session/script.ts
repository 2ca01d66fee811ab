import { NO_PROC } from '../core/ids.ts';
import { formatStatement, formatValue } from '../lang/format.ts';
import type { Setup } from './live.ts';
import type { Moment } from './timeline.ts';

/** LANGUAGE section 4: `save` writes a header, then `use … seed=N`, then the commands. */
export const SCRIPT_HEADER = '# cap-tutor script 1';

/** The `use` line that starts this very cluster. */
export function startLine(setup: Setup): string {
  const words = ['use', setup.system.name, ...setup.nodes];
  const options: string[] = [];
  for (const [name, value] of Object.entries(setup.options)) options.push(`${name}=${formatValue(value)}`);
  if (setup.net !== 'lan') options.push(`net=${setup.net}`);
  if (setup.cold) options.push('boot=cold');
  else if (setup.leader !== NO_PROC && setup.leader !== 0) options.push(`leader=${setup.nodes[setup.leader]}`);
  return [...words, ...options, `seed=${setup.seed}`].join(' ');
}

export function scriptOf(setup: Setup, path: readonly Moment[]): string {
  const lines = [SCRIPT_HEADER, startLine(setup)];
  for (const moment of path) {
    lines.push(formatStatement(moment.statement));
    if (moment.travel !== undefined) lines.push(moment.travel);
  }
  return `${lines.join('\n')}\n`;
}
