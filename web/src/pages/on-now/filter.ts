import type { SignIn } from '../../api/sign-ins'

const fields = {
  person: ({ full_name, username }: SignIn) => `${full_name ?? ''} ${username}`,
  computer: ({ device }: SignIn) => device,
  room: ({ room }: SignIn) => room ?? '',
  doing: ({ event, application }: SignIn) => `${event ?? ''} ${application ?? ''}`,
}
type Field = keyof typeof fields
type Term = { field: Field | null; text: string }

export const filterKeys = Object.keys(fields) as Field[]

const pattern = /(?<key>\w+):(?:"(?<quotedValue>[^"]*)"?|(?<value>\S*))|"(?<quoted>[^"]*)"?|\S+/g

/** The terms of a filter such as `ada room:"lab 1"`. A key that we don't know is a part of its word. */
export function termsOf(filter: string): Term[] {
  return Array.from(filter.toLowerCase().matchAll(pattern), ([whole, key, quotedValue, value, quoted]) => {
    const field = filterKeys.find((known) => known === key)
    return field ? { field, text: quotedValue ?? value ?? '' } : { field: null, text: quoted ?? whole }
  })
}

/** Those sign-ins that all terms of a filter are found in. */
export function matching(signIns: SignIn[], filter: string): SignIn[] {
  const terms = termsOf(filter)
  return terms.length === 0 ? signIns : signIns.filter((signIn) => terms.every((term) => has(signIn, term)))
}

function has(signIn: SignIn, { field, text }: Term): boolean {
  const searched = field ? [field] : filterKeys
  return searched.some((one) => fields[one](signIn).toLowerCase().includes(text))
}
