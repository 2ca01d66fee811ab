import { describe, expect, it } from 'vitest';
import { own } from './own.ts';
import { parts } from './planted/index.ts';
import { Planting } from './planted/planting.ts';
import { SEARCHED } from './searched.ts';

const planting = await Planting.ready(process.cwd());

/** The others are planted by `planted-orders.test.ts`, beside this. */
const [some, others] = parts;

describe('a mistake in a checker is noticed, by what it says of some history', () => {
  it.each(some)('$model: $thought', async (mistake) => {
    expect(await planting.noticed(mistake)).toBeDefined();
  });
});

describe('the list of mistakes', () => {
  const all = [...some, ...others];
  const ofModel = (model: string): number => all.filter((mistake) => mistake.model === model).length;

  it('has at least three for every model', () => {
    const few = own.models.map(({ name }) => name).filter((name) => name !== SEARCHED && ofModel(name) < 3);
    expect(few).toEqual([]);
  });

  it('has some for every type that linearizability and sequential consistency judge', () => {
    const missing = ['linearizable', 'sequential'].flatMap((name) => {
      const judges = own.models.find((model) => model.name === name)?.judges ?? [];
      return judges.filter((type) => !all.some((mistake) => mistake.model === name && (mistake.type ?? type) === type));
    });
    expect(missing).toEqual([]);
  });

  const path = 'elements/unique-ids.ts';
  const mistake = { model: 'unique-ids', type: undefined, path, thought: 'nothing is wrong', to: 'duplicated++;' };

  it('tells of one that its file has no more', async () => {
    await expect(planting.noticed({ ...mistake, from: 'triplicated++;' })).rejects.toThrow(
      'the mistake cannot be planted any more: src/checkers/elements/unique-ids.ts has it 0 times',
    );
    await expect(planting.noticed({ ...mistake, from: 'let ' })).rejects.toThrow('has it 3 times');
    await expect(planting.noticed({ ...mistake, path: 'elements/ids.ts', from: 'if (' })).rejects.toThrow('elements/ids.ts is not there');
  });

  it('would tell of one that nobody can notice', async () => {
    expect(await planting.noticed({ ...mistake, from: 'duplicated++;' }, 100)).toBeUndefined();
  });
});
