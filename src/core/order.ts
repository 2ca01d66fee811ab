/** Orders by UTF-16 code unit: the same on every machine, unlike `localeCompare`. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function byNumber(a: number, b: number): number {
  return a - b;
}
