import { posix } from 'node:path';
import { importsOf } from '../../harness/house/imports.ts';
import { nameOf, type Source } from '../../harness/house/source.ts';

type Imports = ReadonlyMap<string, readonly string[]>;

const importsIn = (files: readonly Source[]): Imports =>
  new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ to, typesOnly }) => to.startsWith('.') && !typesOnly)
        .map(({ to }) => posix.join(posix.dirname(file.path), to)),
    ]),
  );

/** For each file the names of the models that a change of it can reach: those whose own file imports it, directly or through others. `others`: models that stand elsewhere, by the file they go through. */
export function reach(files: readonly Source[], others: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const imports = importsIn(files);
  const found = new Map<string, string[]>(files.map(({ path }) => [path, []]));
  for (const file of files) {
    const other = others.get(file.path);
    const names = [...modelsIn(file), ...(other === undefined ? [] : [other])];
    if (names.length === 0) continue;
    const seen = new Set<string>();
    const open = [file.path];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      open.push(...(imports.get(path) ?? []));
    }
    for (const path of seen) found.get(path)?.push(...names);
  }
  return found;
}

/** Tells for each file which must be loaded anew when it changes: those that import it, directly or through others, and those with a memory of their own. */
export function dependents(files: readonly Source[]): (path: string) => ReadonlySet<string> {
  const imports = importsIn(files);
  const remembering = files.filter(remembers).map(({ path }) => path);
  const known = new Map<string, ReadonlySet<string>>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const set = new Set([path, ...remembering]);
    for (const one of set) for (const [file, others] of imports) if (others.includes(one)) set.add(file);
    known.set(path, set);
    return set;
  };
}

/** Whether a module has a variable that lives as long as it does. */
const remembers = ({ nodes }: Source): boolean =>
  nodes.some(({ node, parent }) => node.type === 'VariableDeclaration' && node['kind'] !== 'const' && parent?.type === 'Program');

/** Names that stand in an object together with what only models have. */
function modelsIn({ nodes }: Source): string[] {
  return nodes.flatMap(({ node }) => {
    if (node.type !== 'ObjectExpression') return [];
    const properties = node['properties'] as readonly { readonly key?: unknown; readonly value?: { readonly value?: unknown } }[];
    const names = properties.map(({ key }) => nameOf(key));
    if (!names.includes('says') || !names.includes('source')) return [];
    const name = properties[names.indexOf('name')]?.value?.value;
    return typeof name === 'string' ? [name] : [];
  });
}
