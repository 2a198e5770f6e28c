import {
  IconAppWindow, IconBrandChrome, IconBrandDebian, IconBrandFirefox, IconBrandPython, IconBrandUbuntu,
  IconBrowser, IconDeviceImac, IconChartHistogram, IconCode, IconCpu, IconDatabase, IconDeviceDesktop, IconDevicesPc,
  IconFlask, IconPalette, IconSchool, IconServer, IconTerminal2, IconWorld, IconWorldWww, type TablerIcon,
} from '@tabler/icons-react'

const icons: Record<string, TablerIcon> = {
  'app-window': IconAppWindow,
  'brand-chrome': IconBrandChrome,
  'brand-debian': IconBrandDebian,
  'brand-firefox': IconBrandFirefox,
  'brand-python': IconBrandPython,
  'brand-ubuntu': IconBrandUbuntu,
  'chart-histogram': IconChartHistogram,
  'device-desktop': IconDeviceDesktop,
  'device-imac': IconDeviceImac,
  'devices-pc': IconDevicesPc,
  'terminal-2': IconTerminal2,
  'world-www': IconWorldWww,
  browser: IconBrowser,
  code: IconCode,
  cpu: IconCpu,
  database: IconDatabase,
  flask: IconFlask,
  palette: IconPalette,
  school: IconSchool,
  server: IconServer,
  world: IconWorld,
}

/** The names of the icons that we carry. */
export const iconNames = Object.keys(icons)

/** The icon that a template names, by its Tabler name; a screen for names we don't carry. */
export function TemplateIcon({ name, size = 24 }: { name: string; size?: number }) {
  const Icon = icons[name] ?? IconDeviceDesktop
  return <Icon size={size} stroke={1.6} aria-hidden="true" />
}
