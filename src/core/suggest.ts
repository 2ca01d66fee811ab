import { distance } from 'fastest-levenshtein';

/** The known word nearest to what was typed, if it is near enough to be a slip; ties go to the earlier word. */
export function didYouMean(typed: string, known: Iterable<string>): string | undefined {
  const word = typed.slice(0, 40).toLowerCase();
  let best: string | undefined;
  // Two for words of four letters: swapping two of them (`raed`) is the commonest slip and costs two edits.
  // One letter is near to every other: it is told apart by its case only.
  let least = word.length < 2 ? 1 : Math.max(word.length >= 4 ? 2 : 1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = candidate.toLowerCase().startsWith(word) && word.length >= 2 ? 1 : distance(word, candidate.toLowerCase());
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}
