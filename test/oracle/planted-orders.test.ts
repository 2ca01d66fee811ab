import { describe, expect, it } from 'vitest';
import { parts } from './planted/index.ts';
import { Planting } from './planted/planting.ts';

const planting = await Planting.ready(process.cwd());

describe('a mistake in a checker is noticed, by what it says of some history', () => {
  it.each(parts[1])('$model: $thought', async (mistake) => {
    expect(await planting.noticed(mistake)).toBeDefined();
  });
});
