import { screen } from '@testing-library/react'
import { lazy } from 'react'
import { expect, it, vi } from 'vitest'
import { renderWithin } from '../tests/render-app'
import { PageLoading } from './page-loading'

it('shows a page once its code is there', async () => {
  const Page = lazy(() => Promise.resolve({ default: () => <h1>Rooms</h1> }))
  renderWithin(<PageLoading><Page /></PageLoading>)
  await screen.findByRole('heading', { name: 'Rooms' })
})

it('offers to load again a page whose code cannot be had', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const Page = lazy<() => null>(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')))
  renderWithin(<PageLoading><Page /></PageLoading>)
  await screen.findByRole('heading', { name: 'This page could not be shown' })
  expect(screen.getByRole('button', { name: 'Load again' })).toBeVisible()
  expect(complaints).toHaveBeenCalled()
})
