import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { linguiMacros } from './lingui-macros.ts'
import { themeStyles } from './theme-styles.ts'

const server = process.env['DESKBAY_SERVER'] ?? 'http://127.0.0.1:8000'
const browsers = ['chrome123', 'firefox120', 'safari17.5']

export default defineConfig({
  plugins: [linguiMacros(), lingui({ failOnMissing: true, failOnCompileError: true }), react(), themeStyles()],
  build: {
    target: browsers,
    cssTarget: browsers,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every visit loads is one file: dozens of small ones compress worse.
    chunkSizeWarningLimit: 620,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: { proxy: { '/api': { target: server, ws: true } } },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:3000/' } },
    setupFiles: 'src/tests/setup.ts',
    maxWorkers: '100%',
    restoreMocks: true,
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
})
