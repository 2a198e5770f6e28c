import { describe, expect, it } from 'vitest'
import { complaint, formOf, openingOf, usualSpan, weekdays, type OpeningForm } from './opening-form'

const opening = {
  week: [
    { weekday: 0, opens: 480, closes: 720 },
    { weekday: 0, opens: 780, closes: 1440 },
    { weekday: 6, opens: 0, closes: 1440 },
  ],
  exceptions: [
    { day: '2026-12-24', hours: [{ opens: 480, closes: 725 }] },
    { day: '2026-12-25', hours: [] },
  ],
}

it('shows hours as times, with midnight at the end as 00:00', () => {
  const form = formOf(opening)
  expect(form.week[0]).toEqual([
    { opens: '08:00', closes: '12:00' },
    { opens: '13:00', closes: '00:00' },
  ])
  expect(form.week[1]).toEqual([])
  expect(form.week[6]).toEqual([{ opens: '00:00', closes: '00:00' }])
  expect(form.exceptions).toEqual([
    { day: '2026-12-24', spans: [{ opens: '08:00', closes: '12:05' }] },
    { day: '2026-12-25', spans: [] },
  ])
})

it('gives back what it was given', () => {
  expect(openingOf(formOf(opening))).toEqual(opening)
})

describe('a complaint', () => {
  const closed: OpeningForm = { week: weekdays().map(() => []), exceptions: [] }

  it.each([
    [closed, null],
    [{ ...closed, week: closed.week.with(1, [usualSpan]) }, null],
    [{ ...closed, week: closed.week.with(1, [{ opens: '18:00', closes: '08:00' }]) }, /^Tuesday: the room has to open/],
    [{ ...closed, week: closed.week.with(2, [{ opens: '08:00', closes: '' }]) }, /^Wednesday: /],
    [{ ...closed, exceptions: [{ day: '', spans: [] }] }, /Choose a date/],
    [{ ...closed, exceptions: [{ day: '2026-12-24', spans: [{ opens: '9:00', closes: '8:00' }] }] }, /^2026-12-24: /],
    [{ ...closed, exceptions: ['2026-12-24', '2026-12-24'].map((day) => ({ day, spans: [] })) }, /two exceptions/],
  ])('says what has to be put right', (form, words) => {
    const found = complaint(form)
    if (words === null) expect(found).toBeNull()
    else expect(found).toMatch(words)
  })
})
