import { expect, it } from 'vitest'
import { troubleOf } from './guacd-reasons'

it.each([
  [514, 'takes too long'],
  [519, 'Nothing answers'],
  [520, 'takes no connection'],
  [521, 'Somebody else'],
  [522, 'nothing was done'],
  [523, 'you signed out'],
])('%d is told, and tried again', (code, words) => {
  expect(troubleOf(code)?.reason).toContain(words)
  expect(troubleOf(code)?.isFinal).toBe(false)
})

it.each([769, 771])('%d is not tried again by itself: it would lock an account', (code) => {
  expect(troubleOf(code)?.isFinal).toBe(true)
  expect(troubleOf(code)?.reason).toContain('Ask an administrator')
})

it.each([0, 518, 768, 9999])('%d says no more than that the connection is lost', (code) => {
  expect(troubleOf(code)).toBeNull()
})
