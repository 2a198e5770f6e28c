import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { Plugin } from 'vite'
import { theme } from './src/theme.ts'

const name = 'virtual:theme.css'

/**
 * Serves the theme's CSS variables as a style sheet of the bundle.
 *
 * The provider would add them to the page as an inline style element, which the
 * server's content security policy forbids.
 */
export function themeStyles(): Plugin {
  return {
    name: 'theme-styles',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? styles() : undefined),
  }
}

function styles(): string {
  const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme))
  return convertCssVariables(variables, ':root')
}
