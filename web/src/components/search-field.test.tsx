import { act, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import { renderWithin } from '../tests/render-app'
import { SearchField } from './search-field'

const later: (() => void)[] = []

/** Keeps its search where it arrives late, as in the address of a page. */
function Page() {
  const [text, setText] = useState('lab')
  return (
    <>
      <SearchField
        label="Search"
        text={text}
        onChange={(next) => {
          later.push(() => {
            setText(next)
          })
        }}
      />
      <p>Searched: {text}</p>
    </>
  )
}

function arrive(): void {
  act(() => {
    for (const arrives of later.splice(0)) arrives()
  })
}

it('loses no key, however late the page follows', async () => {
  renderWithin(<Page />)
  await userEvent.keyboard('/ 07')
  expect(screen.getByRole('searchbox')).toHaveValue('lab 07')
  arrive()
  expect(screen.getByText('Searched: lab 07')).toBeVisible()
})

it('is emptied by Escape', async () => {
  renderWithin(<Page />)
  await userEvent.keyboard('/{Escape}')
  expect(screen.getByRole('searchbox')).toHaveValue('')
  arrive()
  expect(screen.getByText('Searched:')).toBeVisible()
})

it('shows what the page searches for once it is left', async () => {
  renderWithin(<Page />)
  await userEvent.keyboard('/x')
  later.length = 0
  await userEvent.tab()
  expect(screen.getByRole('searchbox')).toHaveValue('lab')
})
