import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { Fragment } from 'react'
import { may, type Reach, type Scope } from '../api/rights'
import { inOwnLanguage } from './own-language'
import { nouns } from './right-words'
import classes from './rights-fields.module.css'
import type { Chosen } from './written-rights'

const verbs = inOwnLanguage(() => [
  { verb: 'read', word: t`See` },
  { verb: 'write', word: t({ message: 'Change', context: 'a right' }) },
])

type Props = {
  legend: string
  /** What each reach is called here. */
  words: Record<Reach, string>
  /** What can be chosen at the most; everything where it is left out. */
  most?: Chosen
  chosen: Chosen
  onChange: (chosen: Chosen) => void
}

/** Takes rights: for each thing, whose may be seen and whose may be changed. */
export function RightsFields({ legend, words, most, chosen, onChange }: Props) {
  const choicesOf = (scope: Scope) => reachesOf(scope, most).map((reach) => ({ value: reach, label: words[reach] }))
  return (
    <fieldset className={classes.matrix}>
      <legend>{legend}</legend>
      <span />
      {verbs().map(({ verb, word }) => (
        <span key={verb} aria-hidden="true">
          {word}
        </span>
      ))}
      {nounsWithin(most).map(([noun, thing]) => (
        <Fragment key={noun}>
          <span>{thing}</span>
          {verbs().map(({ verb, word }) => {
            const scope = `${noun}:${verb}` as Scope
            return (
              <NativeSelect
                key={verb}
                size="xs"
                aria-label={`${thing}: ${word.toLowerCase()}`}
                data={[{ value: '', label: '–' }, ...choicesOf(scope)]}
                disabled={choicesOf(scope).length === 0}
                value={chosen[scope] ?? ''}
                onChange={(event) => {
                  const reach = (event.currentTarget.value || undefined) as Reach | undefined
                  onChange({ ...chosen, [scope]: reach })
                }}
              />
            )
          })}
        </Fragment>
      ))}
    </fieldset>
  )
}

function reachesOf(scope: Scope, most: Chosen | undefined): Reach[] {
  const all: Reach[] = ['own', 'group', 'all']
  return most ? all.filter((reach) => may({ rights: most }, scope, reach)) : all
}

function nounsWithin(most: Chosen | undefined): [string, string][] {
  return Object.entries(nouns()).filter(([noun]) => !most || most[`${noun}:read`] || most[`${noun}:write`])
}
