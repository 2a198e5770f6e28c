import { render, screen } from '@testing-library/react'
import { MemoryRouter, Outlet, Route, Routes } from 'react-router'
import { expect, it } from 'vitest'
import type { User } from '../api/client'
import { ada, grace, joan } from '../tests/examples'
import { PlaceLink } from './place-link'

function show(user: User, to: string): void {
  render(
    <MemoryRouter>
      <Routes>
        <Route element={<Outlet context={user} />}>
          <Route path="/" element={<PlaceLink to={to}>There</PlaceLink>} />
        </Route>
      </Routes>
    </MemoryRouter>,
  )
}

it.each([
  [joan, '/people/1'],
  [grace, '/devices/5'],
])('leads where rights do', (user, to) => {
  show(user, to)
  expect(screen.getByRole('link', { name: 'There' })).toHaveAttribute('href', to)
})

it.each([
  [ada, '/people/1'],
  [joan, '/devices/5'],
])('is only words where they do not', (user, to) => {
  show(user, to)
  expect(screen.getByText('There')).toBeVisible()
  expect(screen.queryByRole('link')).not.toBeInTheDocument()
})
