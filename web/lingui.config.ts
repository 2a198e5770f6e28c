import { formatter } from '@lingui/format-po'
import { defineConfig } from '@lingui/conf'

/** English is in the code; each other language is a file of src/locales. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['de'],
  catalogs: [{ path: 'src/locales/{locale}', include: ['src'], exclude: ['**/*.test.*', 'src/tests/**', 'src/api/schema.d.ts'] }],
  format: formatter({ lineNumbers: false }),
  orderBy: 'origin',
  runtimeConfigModule: { i18n: ['#words', 'i18n'], Trans: ['#words', 'Trans'] },
})
