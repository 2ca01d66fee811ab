/** Exit codes (LANGUAGE section 3). */
export const EXIT = { ok: 0, differs: 1, usage: 2, undecided: 3, fault: 70, hangUp: 129, interrupted: 130, terminated: 143 } as const;

const WORST_FIRST: readonly number[] = [EXIT.usage, EXIT.differs, EXIT.undecided];

/** The one code to exit with where several apply: 2, 1, 3, and else 0. */
export function worst(codes: Iterable<number>): number {
  const seen = new Set(codes);
  return WORST_FIRST.find((code) => seen.has(code)) ?? EXIT.ok;
}
