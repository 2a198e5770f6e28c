import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Empty } from './empty'

const page = (hasAny: boolean) => (
  <main tabIndex={-1}>{hasAny ? <p>The first</p> : <Empty text="None yet."><button>Make one</button></Empty>}</main>
)

it('leaves the focus to the page when what it lacks is there', () => {
  const { rerender } = render(page(false))
  screen.getByRole('button', { name: 'Make one' }).focus()
  rerender(page(true))
  expect(screen.getByRole('main')).toHaveFocus()
})

it('takes the focus from nothing else', () => {
  const { rerender } = render(page(false))
  rerender(page(true))
  expect(document.body).toHaveFocus()
})
