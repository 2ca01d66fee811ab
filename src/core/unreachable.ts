/** The end of a switch over a closed union: the compiler proves that no case is left; reaching it is a fault of ours. */
export function unreachable(value: never): never {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
}

/** A value that the surrounding logic guarantees. The sentence names the guarantee, so that a bug report says what broke. */
export function must<T>(value: T | undefined | null, guarantee: string): T {
  if (value === undefined || value === null) throw new Error(`broken guarantee: ${guarantee}`);
  return value;
}
