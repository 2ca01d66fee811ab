import writeFileAtomic from 'write-file-atomic';

/**
 * Replaces a file in one step: whoever reads it meanwhile, or after a crash, finds the old text or the new, never a part. A link is followed and stays a
 * link; the file's mode is kept. Throws what the system says.
 */
export function writeWhole(path: string, text: string): void {
  writeFileAtomic.sync(path, text);
}
