import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    // The machine's cores are few and the pseudo-terminal tests start whole programs: a slow box is not a failure.
    testTimeout: 20_000,
    // By default one core would stay idle.
    maxWorkers: '100%',
    allowOnly: false,
    // Colours and widths are asked for by the tests that mean them, never taken over from whoever runs the suite.
    env: { NO_COLOR: '', FORCE_COLOR: '0', COLUMNS: '80' },
  },
});
