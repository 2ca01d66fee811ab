// A bundle is a copy of other people's code, so their licences travel with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders, below node_modules, of the packages that put at least one byte into the bundle. */
export function bundledPackages(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /^node_modules\/((?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*)/.exec(file)?.[1];
      if (bytesInOutput > 0 && folder !== undefined) folders.add(folder);
    }
  }
  return [...folders].sort();
}

export async function notices(folders) {
  const parts = ['The files beside this one hold code of these packages.\n'];
  for (const folder of folders) {
    const path = join('node_modules', folder);
    const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    const file = (await readdir(path)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    const text = file === undefined ? '(the package has no licence file)\n' : await readFile(join(path, file), 'utf8');
    parts.push(`---\n${name} ${version} (${license})\n\n${text.trimEnd()}\n`);
  }
  return Buffer.from(parts.join('\n'));
}
