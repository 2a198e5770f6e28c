import { expect, it } from 'vitest'
import type { Allowance } from '../../api/allowances'
import { atOnce, hoursOf, nameOf } from './words'

const none: Allowance = {
  id: 1, user: null, group: { id: 1, name: 'Class 7b', slug: 'class-7b' }, is_shared: false,
  desktops: null, memory_mb: null, cpus: null, hours: null, period: null,
}

it('tells whose it is', () => {
  expect(nameOf(none)).toBe('Class 7b, each member')
  expect(nameOf({ ...none, is_shared: true })).toBe('Class 7b, all together')
  expect(nameOf({ ...none, user: { id: 1, username: 'ada' }, group: null })).toBe('ada')
})

it('tells what may run at once', () => {
  expect(atOnce(none)).toBe('–')
  expect(atOnce({ ...none, desktops: 0 })).toBe('0 desktops')
  expect(atOnce({ ...none, desktops: 1, memory_mb: 2048 })).toMatch(/^1 desktop, 2 GB/)
})

it('tells the hours', () => {
  expect(hoursOf(none)).toBe('–')
  expect(hoursOf({ ...none, hours: 40, period: 'month' })).toBe('40 a month')
})
