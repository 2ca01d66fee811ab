/** A mistake such as somebody would really make, in one place of one checker. */
export interface Mistake {
  readonly model: string;
  /** The type on which it is looked for; all that the model judges, in turn, where it is left out. */
  readonly type: string | undefined;
  /** Inside `src/checkers`. */
  readonly path: string;
  /** What was forgotten, or taken for true. */
  readonly thought: string;
  /** What stands there, in one place only, and what was written instead. */
  readonly from: string;
  readonly to: string;
}

/** Mistakes in one file: what was thought, what stands there, and what was written instead. */
export const mistakes = (
  where: { readonly model: string; readonly type?: string; readonly path: string },
  list: readonly (readonly [thought: string, from: string, to: string])[],
): readonly Mistake[] => list.map(([thought, from, to]) => ({ type: undefined, ...where, thought, from, to }));
