import { i18n } from '#words'

/** The languages in which Deskbay has words of its own. */
export const languagesWithWords = ['en', 'de'] as const
export type Words = (typeof languagesWithWords)[number]

const ours = 'en-GB'
const catalogues = { de: () => import('../locales/de.po') }
const fetched = new Map<Words, Promise<void>>()

/** The language of the words for who reads another language. */
export function wordsOf(language: string): Words {
  return withWords(language) ?? 'en'
}

/** The language of the browser, where it has words; English as it is written here for everybody else. */
export function ofBrowser(): string {
  const first = navigator.languages.find(withWords) ?? ours
  return wordsOf(first) === 'en' ? ours : first
}

/** Has what is said from now on be in these words; answers what to wait for where they are not here yet. */
export function speak(words: Words): Promise<void> | null {
  if (words !== 'en' && !(words in catalogued)) return waitFor(words)
  i18n.activate(words)
  return null
}

const catalogued: Partial<Record<Words, true>> = {}

function waitFor(words: Exclude<Words, 'en'>): Promise<void> {
  const waiting = fetched.get(words) ?? fetchWords(words)
  fetched.set(words, waiting)
  return waiting
}

/** Loads no words where they can't be had: what is said is English then. */
async function fetchWords(words: Exclude<Words, 'en'>): Promise<void> {
  const { messages } = await catalogues[words]().catch(() => ({ messages: {} }))
  i18n.load(words, messages)
  catalogued[words] = true
}

function withWords(language: string): Words | undefined {
  return languagesWithWords.find((words) => language === words || language.startsWith(`${words}-`))
}
