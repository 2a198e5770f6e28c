import { expect, it } from 'vitest'
import { readLink } from './read-link'

it.each([
  ['#/link/abc_-9', { token: 'abc_-9', next: '/' }],
  ['#/link/abc?next=/desktops/7', { token: 'abc', next: '/desktops/7' }],
  ['#/link/abc?next=%2Fdesktops%2F7', { token: 'abc', next: '/desktops/7' }],
  ['#/link/abc?next=https://elsewhere.example', { token: 'abc', next: '/' }],
])('reads %s', (hash, link) => {
  expect(readLink(hash)).toEqual(link)
})

it.each(['', '#main', '#/link/', '#/link', '#/link/a/b', '#/link/a%2Fb'])('finds no link in %j', (hash) => {
  expect(readLink(hash)).toBeNull()
})
