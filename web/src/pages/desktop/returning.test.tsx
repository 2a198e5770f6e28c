import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { rememberRestore, type Restore } from '../../api/restores'
import { FakeServer } from '../../tests/fake-server'
import { renderWithin } from '../../tests/render-app'
import { restore } from '../../tests/sessions'
import { Returning } from './returning'

const [mousepad] = restore().applications

function went(state: Restore['applications'][number]['state']): Restore {
  return restore({ state: 'finished', applications: mousepad ? [{ ...mousepad, state }] : [] })
}

function renderReturning(first: Restore) {
  new FakeServer().on(`GET /api/v1/restores/${first.run}`, { body: first })
  return renderWithin(<Returning run={first.run} />)
}

const title = { name: 'Restoring your session' }

it('shows how far it is, and goes once all is back', async () => {
  const client = renderReturning(restore({ state: 'running' }))
  expect(await screen.findByRole('region', title)).toBeVisible()
  expect(screen.getByText('Waiting')).toBeVisible()
  act(() => {
    rememberRestore(client, went('placed'))
  })
  await waitFor(() => {
    expect(screen.queryByRole('region', title)).not.toBeInTheDocument()
  })
})

it('stays where something is missing, until one closes it', async () => {
  const client = renderReturning(restore())
  await screen.findByRole('region', title)
  act(() => {
    rememberRestore(client, went('not-found'))
  })
  expect(await screen.findByText('Not found')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Close the progress' }))
  expect(screen.queryByRole('region', title)).not.toBeInTheDocument()
})

it('says nothing of a restore that was over before one came', async () => {
  const client = renderReturning(went('failed'))
  await waitFor(() => {
    expect(client.isFetching()).toBe(0)
  })
  expect(screen.queryByRole('region', title)).not.toBeInTheDocument()
})
