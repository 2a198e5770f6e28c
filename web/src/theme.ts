import { createTheme, type MantineColorsTuple } from '@mantine/core'

const bay: MantineColorsTuple = [
  '#ecf7fa', '#d5ecf3', '#abd9e6', '#79c3d8', '#4eabc6', '#2b92b0', '#177d9b', '#0f6c87', '#0c566c', '#084152',
]
const beacon: MantineColorsTuple = [
  '#fff6e5', '#ffebc7', '#ffd894', '#ffc15e', '#f8ab33', '#e6921a', '#c4760c', '#9a5b08', '#77470b', '#5b370c',
]
const gray: MantineColorsTuple = [
  '#f4f7f8', '#eaf0f2', '#dde5e9', '#c9d4da', '#aab8c0', '#84939c', '#5c6b75', '#46545d', '#303c44', '#1a252b',
]
const dark: MantineColorsTuple = [
  '#e4ebef', '#c2cdd4', '#9dacb6', '#71828d', '#3d4c56', '#2c3942', '#212c34', '#161f25', '#0e1519', '#090e11',
]

/** Our look: a calm bay, a warm light for what wants attention. */
export const theme = createTheme({
  colors: { bay, beacon, gray, dark },
  primaryColor: 'bay',
  primaryShade: 7,
  fontFamily: "'Figtree Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontFamily: "'Figtree Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})
