/** What can be searched of a thing, by the key that people type before a colon. */
export type Fields<T> = Record<string, (one: T) => string>
type Term = { key: string | null; text: string }

const pattern = /(?<key>\w+):(?:"(?<quotedValue>[^"]*)"?|(?<value>\S*))|"(?<quoted>[^"]*)"?|\S+/g

/** The terms of a filter such as `ada room:"lab 1"`. A key that is not one of these is a part of its word. */
export function termsOf(filter: string, keys: string[]): Term[] {
  return Array.from(filter.toLowerCase().matchAll(pattern), ([whole, key, quotedValue, value, quoted]) => {
    const known = keys.find((one) => one === key)
    return known ? { key: known, text: quotedValue ?? value ?? '' } : { key: null, text: quoted ?? whole }
  })
}

/** Those things that all terms of a filter are found in. */
export function matching<T>(things: T[], filter: string, fields: Fields<T>): T[] {
  const terms = termsOf(filter, Object.keys(fields))
  return terms.length === 0 ? things : things.filter((thing) => terms.every((term) => has(thing, term, fields)))
}

function has<T>(thing: T, { key, text }: Term, fields: Fields<T>): boolean {
  return Object.entries(fields).some(
    ([name, read]) => (key === null || key === name) && read(thing).toLowerCase().includes(text),
  )
}
