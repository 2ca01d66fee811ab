import { describe, expect, it } from 'vitest';
import { systems } from '../src/systems/index.ts';
import { pages, rerun, transcripts } from './harness/transcripts.ts';

/** Golden sessions, readable by a learner: each is run again and must print what is recorded. UPDATE=1 records them anew. */

const stated = new Map<string, Set<string>>();

describe.each(transcripts())('%s', (path) => {
  it('prints what is recorded, and holds what it expects', { timeout: 60_000 }, async () => {
    const { diff, wrong, commands, rules } = await rerun(path);
    stated.set(path, new Set(rules));
    expect(wrong).toEqual([]);
    expect(diff).toBe('');
    expect(commands).toBeGreaterThan(0);
  });
});

describe.each(pages())('%s', (path) => {
  it('shows sessions that still hold', { timeout: 60_000 }, async () => {
    const { diff, wrong } = await rerun(path);
    expect(wrong).toEqual([]);
    expect(diff).toBe('');
  });
});

describe('rule cover', () => {
  /** Rules that no transcript states yet, `system rule`. May only shrink: the test fails as soon as one that stands here is covered. */
  const uncovered: readonly string[] = [];

  it('every reason that a system can state is stated in some transcript', () => {
    const covered = new Set([...stated.values()].flatMap((rules) => [...rules]));
    const missing = systems.flatMap(({ name, rules }) => rules.map(({ id }) => `${name} ${id}`)).filter((id) => !covered.has(id));
    expect(missing.sort()).toEqual([...uncovered].sort());
  });

  it('no two rules of a system share an id', () => {
    for (const { name, rules } of systems) {
      const ids = rules.map(({ id }) => id);
      expect([name, ids.filter((id, i) => ids.indexOf(id) !== i)]).toEqual([name, []]);
    }
  });
});
