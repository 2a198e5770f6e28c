import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { expect, it, vi } from 'vitest'
import { desktop } from '../../tests/examples'
import { renderWithin } from '../../tests/render-app'
import type { Link } from './connection'
import { Overlay } from './overlay'

function show(link: Link) {
  const onRetry = vi.fn()
  renderWithin(
    <MemoryRouter>
      <Overlay desktop={desktop()} link={link} onRetry={onRetry} />
    </MemoryRouter>,
  )
  return onRetry
}

it('tells that a connection is lost, and tries again when asked', async () => {
  const onRetry = show({ phase: 'lost', retryAt: Date.now() + 60_000 })
  expect(screen.getByRole('heading', { name: 'Connection lost' })).toBeVisible()
  expect(screen.getByText(/Your desktop keeps running/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Try now' }))
  expect(onRetry).toHaveBeenCalledOnce()
})

it('tells why a desktop can not be shown, where that is known', () => {
  show({ phase: 'lost', retryAt: Date.now() + 60_000, reason: 'Nothing answers.' })
  expect(screen.getByRole('heading', { name: 'The desktop can’t be shown' })).toBeVisible()
  expect(screen.getByText(/Nothing answers/)).toBeVisible()
  expect(screen.getByText(/Trying again in/)).toBeVisible()
})

it('leaves it to the person to try again where the desktop lets nobody in', async () => {
  const onRetry = show({ phase: 'refused', reason: 'The password is wrong.' })
  expect(screen.getByRole('heading', { name: 'The desktop lets nobody in' })).toBeVisible()
  expect(screen.queryByText(/Trying again/)).not.toBeInTheDocument()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(onRetry).toHaveBeenCalledOnce()
})

it('has nothing to try where the server refuses', () => {
  show({ phase: 'refused' })
  expect(screen.getByRole('heading', { name: 'This desktop may not be shown here' })).toBeVisible()
  expect(screen.queryByRole('button')).not.toBeInTheDocument()
})
