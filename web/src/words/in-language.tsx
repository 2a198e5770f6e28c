import { Fragment, Suspense, use, useEffect, type ReactNode } from 'react'
import { writeIn } from '../components/own-language'
import { Splash } from '../components/splash'
import { ofBrowser, speak, wordsOf } from './languages'

type InLanguageProps = {
  /** Null is that of the browser. */
  language: string | null
  children: ReactNode
}

/** Shows pages in a language, once its words are here, and makes them anew when it becomes another. */
export function InLanguage(props: InLanguageProps) {
  return (
    <Suspense fallback={<Splash />}>
      <Spoken {...props} />
    </Suspense>
  )
}

function Spoken({ language, children }: InLanguageProps) {
  const wanted = language ?? ofBrowser()
  const words = wordsOf(wanted)
  const waiting = speak(words)
  if (waiting) use(waiting)
  writeIn(wanted)
  useEffect(() => {
    document.documentElement.lang = words
  }, [words])
  return <Fragment key={words}>{children}</Fragment>
}
