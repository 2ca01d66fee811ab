import { isProblem, type Place, Problem } from '../core/problem.ts';
import { clip, parseDuration } from '../core/units.ts';
import { modelNamed, modelNear, models } from './index.ts';
import type { Asked, Judging, Model, Recorded, Verdict } from './model.ts';

/** A model to judge by, and, of one with a figure, how much of it is still valid. */
export interface Wish {
  readonly model: Model;
  /** Versions or microseconds, as the model says. */
  readonly bound?: number;
}

/** Judges as wished. All types must be ones that the model judges. */
export function judgeWish({ model, bound }: Wish, recorded: Recorded, asked: Omit<Asked, 'bound'>): Generator<Judging, Verdict> {
  return model.judge(recorded, { ...asked, ...(bound === undefined ? {} : { bound }) });
}

/** `linearizable`, or `k-staleness` with the text behind its `=`. */
export function readWish(name: string, bound: string | undefined, at?: Place): Wish | Problem {
  const model = modelNamed(name);
  if (model === undefined) {
    const near = modelNear(name);
    return new Problem(
      `there is no model "${clip(name)}"`,
      `${near === undefined ? '' : `did you mean ${near}? `}the models are ${models.map((one) => one.name).join(', ')}`,
      at,
    );
  }
  if (bound === undefined) return { model };
  if (model.bound === undefined) {
    const able = models.filter((one) => one.bound !== undefined).map((one) => one.name);
    return new Problem(`${model.name} takes no bound`, `write ${model.name} alone; bounds are for ${able.join(' and ')}`, at);
  }
  if (model.bound === 'us') {
    const us = parseDuration(bound);
    return isProblem(us) ? (at === undefined ? us : us.near(at)) : { model, bound: us };
  }
  if (/^\d{1,9}$/.test(bound) && Number(bound) >= 1) return { model, bound: Number(bound) };
  return new Problem(`"${clip(bound)}" is no number of versions`, `for example ${model.name}=2; 1 means the newest`, at);
}
