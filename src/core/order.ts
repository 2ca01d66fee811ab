/** Orders by UTF-16 code unit: the same on every machine, unlike `localeCompare`. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function byNumber(a: number, b: number): number {
  return a - b;
}

/** How many numbers of an ascending list are below one: the place of the first that is not. */
export function below(ascending: ArrayLike<number>, limit: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] as number) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
