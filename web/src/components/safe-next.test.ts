import { expect, it } from 'vitest'
import { safeNext } from './safe-next'

it.each(['/', '/desktops/7', '/desktops/7?tab=log'])('goes on to %s', (next) => {
  expect(safeNext(next)).toBe(next)
})

it.each([null, '', 'desktops/7', 'https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', 'javascript:alert(1)', '//'])(
  'goes home instead of to %s',
  (next) => {
    expect(safeNext(next)).toBe('/')
  },
)
