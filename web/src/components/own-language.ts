const ours = 'en-GB'
let language = ours

/** Has dates and numbers be written as in this language from now on; none is English, as Deskbay's own words are. */
export function writeIn(wanted: string | null): void {
  language = wanted ?? ours
}

export const ownLanguage = () => language

/** Makes something once for each language in which it is needed. */
export function inOwnLanguage<Format>(make: (language: string) => Format): () => Format {
  let made: { language: string; format: Format } | undefined
  return () => {
    if (made?.language !== language) made = { language, format: make(language) }
    return made.format
  }
}

const oneDecimal = inOwnLanguage((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }))

/** A number with one decimal at the most: "1.5", "1,5". */
export const toOneDecimal = (number: number) => oneDecimal().format(number)
