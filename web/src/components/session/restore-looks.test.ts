import { describe, expect, it } from 'vitest'
import type { ApplicationState, Restore } from '../../api/restores'
import { restore } from '../../tests/sessions'
import { countOf, lookOf, stateLooks, summaryOf } from './restore-looks'

const states = Object.keys(stateLooks()) as ApplicationState[]
const of = (state: Restore['state'], ...each: ApplicationState[]) =>
  restore({
    state,
    applications: each.map((one, index) => ({
      key: String(index), application: 'x', name: 'X', state: one, reason: null, suggestion: null,
    })),
  })

describe('the look of a state', () => {
  it('has a word of its own for each', () => {
    expect(new Set(states.map((state) => stateLooks()[state].word)).size).toBe(states.length)
  })

  it('turns only while the restore goes on', () => {
    expect(lookOf('started', false)).toBe(stateLooks().started)
    expect(lookOf('started', true).Icon).not.toBe(stateLooks().started.Icon)
    expect(lookOf('placed', true)).toBe(stateLooks().placed)
  })
})

describe('the summary', () => {
  it.each([
    [of('waiting', 'waiting'), 'Waiting for laptop to answer…'],
    [of('running', 'placed', 'started'), 'Restoring on laptop: 1 of 2 applications so far…'],
    [of('finished', 'placed', 'already-running', 'not-found'), '2 of 3 applications back on laptop.'],
    [of('finished', 'failed'), '0 of 1 application back on laptop.'],
    [of('finished'), 'Nothing was open in this save. The session is active on laptop now.'],
  ])('counts what is back', (given, said) => {
    expect(summaryOf(given)).toBe(said)
  })
})

it('counts in words', () => {
  expect([0, 1, 2].map(countOf)).toEqual(['0 applications', '1 application', '2 applications'])
})
