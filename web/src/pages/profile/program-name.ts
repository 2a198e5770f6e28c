import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../../components/own-language'

const browsers = inOwnLanguage((): [RegExp, string][] => [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
])
const systems = inOwnLanguage((): [RegExp, string][] => [
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
])

/** What a browser or program is called by people: “Firefox on Linux”, from how it names itself. */
export function programName(program: string | null): string {
  if (program === null) return t`A program`
  const [browser, system] = [nameIn(program, browsers()), nameIn(program, systems())]
  if (browser) return system ? t`${browser} on ${system}` : browser
  return program.split(/[\s/]/, 1)[0] || t`A program`
}

function nameIn(program: string, known: [RegExp, string][]): string | undefined {
  return known.find(([pattern]) => pattern.test(program))?.[1]
}
