import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { grace } from '../../tests/examples'
import { renderApp, serverOf } from '../../tests/render-app'
import { templateDetails } from '../../tests/templates'

const box = templateDetails({ id: 2, name: 'Box', runtime: 'docker', image: 'deskbay/desktop' })
const kinds = [
  { name: 'docker', settings: {}, makes_spares: true },
  { name: 'local', settings: {}, makes_spares: false },
]

const serverWith = (template: typeof box) =>
  serverOf(grace)
    .on('GET /api/v1/templates/all', { body: { items: [template] } })
    .on('GET /api/v1/runtime-kinds', { body: { items: kinds } })
    .on('PUT /api/v1/templates/2', { body: template })

const field = () => screen.findByRole('spinbutton', { name: /^Waiting to be launched/ })

async function saved(server: ReturnType<typeof serverWith>): Promise<unknown> {
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => {
    expect(server.times('PUT /api/v1/templates/2')).toBe(1)
  })
  return server.requests.find(({ method }) => method === 'PUT')?.json()
}

describe('spare desktops', () => {
  it('are as many as somebody says', async () => {
    const server = serverWith(box)
    renderApp('/templates/2', server)
    await userEvent.clear(await field())
    await userEvent.type(await field(), '3')
    expect(screen.getByText(/takes less than a second/)).toBeVisible()
    await expect(saved(server)).resolves.toMatchObject({ spares: 3, runtime: 'docker' })
  })

  it('tell how many wait, and why not more', async () => {
    const trouble = 'The image is not there. Build it.'
    renderApp('/templates/2', serverWith({ ...box, spares: 2, spares_ready: 1, spare_trouble: trouble }))
    expect(await screen.findByText(`Now 1 of 2 wait. ${trouble} It is tried again by itself.`)).toBeVisible()
  })

  it('are not offered where there are none, and go when the runtime is changed to such a one', async () => {
    const server = serverWith({ ...box, spares: 2 })
    renderApp('/templates/2', server)
    expect(await field()).toHaveValue(2)
    await screen.findByRole('option', { name: 'local' })
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Runtime' }), 'local')
    expect(screen.queryByRole('spinbutton', { name: /^Waiting/ })).not.toBeInTheDocument()
    expect(screen.getByText(/start when somebody launches them/)).toBeVisible()
    await expect(saved(server)).resolves.toMatchObject({ spares: 0, runtime: 'local' })
  })

  it('can be taken away from an image that listens at a port', async () => {
    renderApp('/templates/2', serverWith({ ...box, spares: 1, port: 5900 }))
    expect(await field()).toBeVisible()
    expect(screen.getByText(/start when somebody launches them/)).toBeVisible()
  })
})
