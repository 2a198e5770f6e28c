import { expect, it } from 'vitest'
import { isStatus, messageOf, Problem, unreachable, unwrap } from './problem'

const answer = (status: number, error: unknown, headers?: Record<string, string>) =>
  Promise.resolve({ error, response: new Response(null, { status, ...(headers && { headers }) }) })

it('gives the data of a good answer', async () => {
  await expect(unwrap(Promise.resolve({ data: 5, response: new Response() }))).resolves.toBe(5)
})

it.each([
  [{ detail: 'You have five.', title: 'Conflict' }, 'You have five.'],
  [{ title: 'Conflict' }, 'Conflict'],
  [{ detail: [{ loc: ['body'] }], title: 'Conflict' }, 'Conflict'],
  ['<html>', 'The server answered 409. Please try again.'],
  [null, 'The server answered 409. Please try again.'],
])('says of %j: %s', async (body, sentence) => {
  await expect(unwrap(answer(409, body))).rejects.toThrow(sentence)
})

it('knows how long to wait', async () => {
  const error = await unwrap(answer(429, {}, { 'Retry-After': '30' })).catch((raised: unknown) => raised)
  expect(error).toMatchObject({ status: 429, retryAfter: 30 })
})

it('says that the server cannot be reached', async () => {
  const error = await unwrap(Promise.reject(new TypeError('Failed to fetch'))).catch((raised: unknown) => raised)
  expect(isStatus(error, 0)).toBe(true)
  expect(messageOf(error)).toBe(unreachable())
})

it('has a sentence for what is no error at all', () => {
  expect(messageOf('nonsense')).toBe('Something went wrong. Please try again.')
  expect(isStatus(new Error('404'), 404)).toBe(false)
  expect(isStatus(new Problem(404, 'Gone'), 404)).toBe(true)
})
