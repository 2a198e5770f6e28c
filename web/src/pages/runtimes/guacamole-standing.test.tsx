import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Standing } from '../../api/guacamole'
import { grace } from '../../tests/examples'
import { renderApp, serverOf } from '../../tests/render-app'

function show(different: Partial<Standing>) {
  const standing = { state: 'in-step', reason: null, looked_at: null, retry_at: null, accounts: 0, connections: 0 }
  const server = serverOf(grace)
    .on('GET /api/v1/runtimes', { body: { items: [] } })
    .on('GET /api/v1/guacamole', { body: { ...standing, ...different } })
  renderApp('/runtimes', server)
  return server
}

describe('Guacamole', () => {
  it('is told to be in step, with what it has', async () => {
    show({ state: 'in-step', looked_at: new Date().toISOString(), accounts: 12, connections: 1 })
    expect(await screen.findByText('In step')).toBeVisible()
    expect(screen.getByText(/12 accounts and 1 connection, brought there/)).toBeVisible()
  })

  it('is told not to be, and why', async () => {
    show({ state: 'failing', reason: 'Guacamole gives no answer.' })
    expect(await screen.findByText('Not in step')).toBeVisible()
    expect(screen.getByText('Guacamole gives no answer.')).toBeVisible()
    expect(screen.queryByText(/brought there/)).not.toBeInTheDocument()
  })

  it('is told to be in part, with what is in the way', async () => {
    show({ state: 'partly', reason: 'The account ada in Guacamole is not Deskbay’s.', looked_at: '2026-01-05T09:00:00Z' })
    expect(await screen.findByText('Partly in step')).toBeVisible()
    expect(screen.getByText(/account ada/)).toBeVisible()
    expect(screen.getByText(/0 accounts and 0 connections/)).toBeVisible()
  })

  it('is told to be looked at soon', async () => {
    show({ state: 'waiting' })
    expect(await screen.findByText('Not looked at yet')).toBeVisible()
  })

  it('is not spoken of where there is none', async () => {
    const server = show({ state: 'off' })
    await waitFor(() => {
      expect(server.times('GET /api/v1/guacamole')).toBe(1)
    })
    expect(screen.queryByRole('heading', { name: 'Guacamole' })).not.toBeInTheDocument()
  })
})
