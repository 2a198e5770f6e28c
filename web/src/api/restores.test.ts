import { expect, it } from 'vitest'
import { restore } from '../tests/sessions'
import { createQueryClient } from './query-client'
import { rememberRestore, restoreQuery, type ApplicationState, type Restore } from './restores'

const at = (state: Restore['state'], ...states: ApplicationState[]) =>
  restore({
    state,
    applications: states.map((one, index) => ({
      key: String(index), application: 'x', name: 'X', state: one, reason: null, suggestion: null,
    })),
  })

const steps = [
  at('waiting', 'waiting', 'waiting'),
  at('running', 'started', 'waiting'),
  at('running', 'started', 'already-running'),
  at('running', 'placed', 'already-running'),
  at('finished', 'placed', 'already-running'),
]

it('goes forward with what is heard', () => {
  const client = createQueryClient()
  const { queryKey } = restoreQuery(restore().run)
  for (const step of steps) {
    rememberRestore(client, step)
    expect(client.getQueryData(queryKey)).toEqual(step)
  }
})

it('is never set back by what is heard late', () => {
  const client = createQueryClient()
  const { queryKey } = restoreQuery(restore().run)
  const last = steps.at(-1) as Restore
  rememberRestore(client, last)
  for (const step of steps) rememberRestore(client, step)
  expect(client.getQueryData(queryKey)).toEqual(last)
})
