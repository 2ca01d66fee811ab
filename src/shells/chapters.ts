export function listChapters(_: { readonly ascii: boolean; readonly book?: string }): number {
  process.stderr.write('cap-tutor: chapters: not yet\n');
  return 2;
}
