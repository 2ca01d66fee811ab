/** How many numbers of a sorted list are below one. */
export function below(sorted: readonly number[], limit: number): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((sorted[middle] as number) < limit) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}
