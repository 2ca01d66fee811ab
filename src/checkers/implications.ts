import { models } from './index.ts';
import type { Model } from './model.ts';

/** Every model that a model implies, directly or through others, in the order of the list. */
export function implied(model: Model): readonly Model[] {
  const names = new Set<string>();
  const open = [...model.implies];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    open.push(...(models.find((other) => other.name === name)?.implies ?? []));
  }
  return models.filter(({ name }) => names.has(name));
}

/**
 * Of models that are all violated those that say most: none of them implies another that is violated too. What else is violated follows from them.
 */
export function weakest(violated: readonly Model[]): readonly Model[] {
  return violated.filter((model) => !implied(model).some((weaker) => violated.includes(weaker)));
}
