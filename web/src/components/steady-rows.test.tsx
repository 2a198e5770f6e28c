import { renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { SignIn } from '../api/sign-ins'
import { signIn } from '../tests/examples'
import { useSteadyRows } from './steady-rows'

const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((id) => signIn({ id })) as [SignIn, SignIn, SignIn]
const on = (...signIns: SignIn[]) => new Map(signIns.map((one) => [one.id, one]))

type Asked = { found: SignIn[]; isHeld: boolean; key?: string; online?: Map<string, SignIn> }

function watch(first: Asked) {
  const { result, rerender } = renderHook(
    ({ found, isHeld, key = '', online = on(...found) }: Asked) => useSteadyRows(found, online, isHeld, key),
    { initialProps: first },
  )
  return {
    then: rerender,
    shown: () => result.current.rows.map(({ item: { id }, hasLeft }) => (hasLeft ? `(${id})` : id)).join(' '),
    counts: () => [result.current.came, result.current.left],
  }
}

describe('rows', () => {
  it('follow those who come and go', () => {
    const rows = watch({ found: [ada], isHeld: false })
    rows.then({ found: [bob], isHeld: false })
    expect(rows.shown()).toBe('bob')
    expect(rows.counts()).toEqual([0, 0])
  })

  it('stay where they are while they are held: who came is counted, who left is marked', () => {
    const rows = watch({ found: [bob, ada], isHeld: true })
    rows.then({ found: [eve, ada], isHeld: true })
    expect(rows.shown()).toBe('(bob) ada')
    expect(rows.counts()).toEqual([1, 1])
  })

  it('catch up when they are let go', () => {
    const rows = watch({ found: [bob, ada], isHeld: true })
    rows.then({ found: [eve, ada], isHeld: true })
    rows.then({ found: [eve, ada], isHeld: false })
    expect(rows.shown()).toBe('eve ada')
    rows.then({ found: [eve, ada], isHeld: true })
    expect(rows.shown()).toBe('eve ada')
    expect(rows.counts()).toEqual([0, 0])
  })

  it('show what has changed of somebody in their place', () => {
    const idle = signIn({ id: 'bob', idle_since: '2026-03-01T10:05:00Z' })
    const rows = watch({ found: [ada, bob], isHeld: true })
    rows.then({ found: [idle, ada], isHeld: true })
    expect(rows.shown()).toBe('ada bob')
  })

  it('are others for another filter, held or not', () => {
    const rows = watch({ found: [bob, ada], isHeld: true })
    rows.then({ found: [ada], isHeld: true, key: 'person:ada', online: on(ada, bob) })
    expect(rows.shown()).toBe('ada')
    expect(rows.counts()).toEqual([0, 0])
  })

  it('take nobody who no longer matches for gone', () => {
    const moved = signIn({ id: 'bob', room: 'Hall' })
    const rows = watch({ found: [bob, ada], isHeld: true })
    rows.then({ found: [ada], isHeld: true, online: on(ada, moved) })
    expect(rows.shown()).toBe('bob ada')
  })
})
