// What the program and its bench are bundled with. One place, so that the bench measures what is shipped.
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Ink imports ./devtools.js when DEV=true, and that file imports react-devtools-core statically. Left external it
 * becomes a top-level import of the bundle, and the program dies at start with ERR_MODULE_NOT_FOUND.
 */
const noDevtools = {
  name: 'no-ink-devtools',
  setup(build) {
    build.onResolve({ filter: /^\.\/devtools\.js$/ }, ({ importer }) =>
      /[\\/]ink[\\/]build[\\/]/.test(importer) ? { path: 'devtools', namespace: 'empty' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export {}' }));
  },
};

/**
 * Commander can start programs as its subcommands, which nobody here does, and for that loads node:child_process whenever it is loaded:
 * a tenth of the time that a short script takes.
 */
const noChildProcess = {
  name: 'no-commander-child-process',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]lib[\\/]/.test(importer) ? { path: 'child-process', namespace: 'none' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {}' }));
  },
};

/** Options of esbuild, less the entry points and the folder. */
export const options = {
  bundle: true,
  splitting: true, // what a shell loads lazily stays in a file of its own
  format: 'esm', // yoga, under Ink, awaits at top level
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  minify: true,
  metafile: true,
  legalComments: 'none', // the licences are gathered in THIRD-PARTY-NOTICES.txt instead
  jsx: 'automatic',
  logLevel: 'warning',
  // Without this React and its reconciler take their development builds: slower, and 200 kB more.
  // write-file-atomic mixes __filename, which an ES module does not have, into the names of its temporary files.
  define: { 'process.env.NODE_ENV': '"production"', __filename: '"cap-tutor"' },
  // 1.5 MB down to 0.13: all of highlight.js for a handful of languages, and every emoji by name for none.
  alias: { 'cli-highlight': here('cli-highlight.mjs'), 'node-emoji': here('node-emoji.mjs') },
  // CommonJS packages in the bundle call require("node:..."), which an ES module does not have.
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  plugins: [noDevtools, noChildProcess],
};

/** esbuild, or undefined where it is not installed: `npm ci --omit=dev` runs the build all the same. */
export async function esbuild() {
  try {
    return await import('esbuild');
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
