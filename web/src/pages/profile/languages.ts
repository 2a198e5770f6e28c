import { i18n } from '#words'
import { inOwnLanguage } from '../../components/own-language'
import { ofBrowser } from '../../words/languages'

const common = [
  'ar-EG', 'bg-BG', 'ca-ES', 'cs-CZ', 'da-DK', 'de-AT', 'de-CH', 'de-DE', 'el-GR', 'en-AU', 'en-CA', 'en-GB', 'en-IE', 'en-US',
  'es-ES', 'es-MX', 'et-EE', 'fa-IR', 'fi-FI', 'fr-BE', 'fr-CA', 'fr-CH', 'fr-FR', 'he-IL', 'hi-IN', 'hr-HR', 'hu-HU', 'id-ID',
  'it-CH', 'it-IT', 'ja-JP', 'ko-KR', 'lt-LT', 'lv-LV', 'nb-NO', 'nl-BE', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ro-RO', 'ru-RU',
  'sk-SK', 'sl-SI', 'sr-RS', 'sv-SE', 'th-TH', 'tr-TR', 'uk-UA', 'vi-VN', 'zh-CN', 'zh-TW',
]
const names = inOwnLanguage(() => new Intl.DisplayNames(i18n.locale, { type: 'language' }))
const taken = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/

/** The languages to choose from: common ones, those of the browser, and the chosen one; by name. */
export function languages(chosen: string | null): { value: string; label: string }[] {
  const tags = new Set([...common, ...navigator.languages.filter((tag) => taken.test(tag)), ...(chosen ? [chosen] : [])])
  return [...tags]
    .map((value) => ({ value, label: names().of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label, i18n.locale))
}

/** How dates and numbers are written in a language. */
export function example(language: string | null): string {
  const written = language ?? ofBrowser()
  const day = new Intl.DateTimeFormat(written, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 1))
  return `${day} · ${new Intl.NumberFormat(written).format(1234.5)}`
}
