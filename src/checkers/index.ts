import type { Model } from '../history/operation.ts';
import { linearizable } from './linearizable.ts';

/** Every consistency model that `check` knows, strongest first. */
export const models: readonly Model[] = [linearizable];

/** The model of a name, in any case. */
export function modelNamed(name: string): Model | undefined {
  const lower = name.toLowerCase();
  return models.find((model) => model.name === lower);
}
