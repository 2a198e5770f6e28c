import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { changeOf, type Runtime } from '../../api/runtimes'
import { grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'

function runtime(different: Partial<Runtime> = {}): Runtime {
  return {
    id: 1, slug: 'local', kind: 'local', settings: {}, labels: [], desktops: null, memory_mb: null, cpus: null,
    is_drained: false, sealed: [], load: { desktops: 0, memory_mb: 0, cpus: 0 },
    ...different,
  }
}

const box = runtime({
  id: 2, slug: 'box-1', kind: 'docker', settings: { socket: '/run/docker.sock' }, sealed: ['key'], labels: ['gpu'],
  desktops: 4, memory_mb: 8192, cpus: 4, load: { desktops: 3, memory_mb: 6144, cpus: 4 },
})
const kinds = [
  {
    name: 'docker',
    settings: {
      properties: { socket: { type: 'string', default: '/run/docker.sock' }, key: { type: 'string', writeOnly: true } },
    },
  },
  { name: 'local', settings: { properties: {} } },
]

const withRuntimes = (...items: Runtime[]) =>
  serverOf(grace)
    .on('GET /api/v1/runtimes', { body: { items } })
    .on('GET /api/v1/runtime-kinds', { body: { items: kinds } })

const card = async (name: string) => within(await screen.findByRole('article', { name }))

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

async function sent(server: FakeServer, method: string): Promise<unknown[]> {
  return Promise.all(server.requests.filter((one) => one.method === method).map((one) => one.json() as unknown))
}

describe('runtimes', () => {
  it('are for administrators', async () => {
    renderApp('/runtimes', serverOfAda())
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  })

  it('show how full they are, with and without a limit', async () => {
    renderApp('/runtimes', withRuntimes(runtime(), box))
    const full = await card('box-1')
    for (const words of ['3 of 4', '6 GB of 8 GB', '4 of 4', 'docker', 'gpu', 'Takes desktops']) {
      expect(full.getByText(words)).toBeVisible()
    }
    expect((await card('local')).getAllByText('0, no limit')).toHaveLength(2)
  })

  it('are found by words', async () => {
    renderApp('/runtimes', withRuntimes(runtime(), box))
    await card('local')
    await userEvent.keyboard('/gpu')
    await waitFor(() => {
      expect(screen.queryByRole('article', { name: 'local' })).not.toBeInTheDocument()
    })
    expect(await card('box-1')).toBeDefined()
  })

  it('tell whether they answer', async () => {
    const why = 'The Docker engine at /run/docker.sock is not there. Start it, or correct the path.'
    const server = withRuntimes(runtime(), box)
      .on('POST /api/v1/runtimes/1/test', { body: { answers: true, detail: 'It answers.', proposal: null } })
      .on('POST /api/v1/runtimes/2/test', { body: { answers: false, detail: why, proposal: null } })
    renderApp('/runtimes', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Test the connection to local' }))
    expect(await (await card('local')).findByText('It answers.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Test the connection to box-1' }))
    expect(await (await card('box-1')).findByText(why)).toBeVisible()
  })

  it('are believed once somebody has looked at what they say of themselves', async () => {
    const proposal = { host_key: 'ssh-ed25519 AAAA' }
    const server = withRuntimes(box)
      .on('POST /api/v1/runtimes/2/test', { body: { answers: false, detail: 'Its key is not known.', proposal } })
      .on('PUT /api/v1/runtimes/2', { body: box })
    renderApp('/runtimes', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Test the connection to box-1' }))
    expect(await screen.findByText('ssh-ed25519 AAAA')).toBeVisible()
    server.on('POST /api/v1/runtimes/2/test', { body: { answers: true, detail: 'It answers.', proposal: null } })
    await userEvent.click(screen.getByRole('button', { name: 'Accept, and test again' }))
    expect(await screen.findByText('It answers.')).toBeVisible()
    expect(await sent(server, 'PUT')).toEqual([{ ...changeOf(box), settings: { ...box.settings, ...proposal } }])
  })

  it('are drained without a question, and take desktops again', async () => {
    const server = withRuntimes(box).on('PUT /api/v1/runtimes/2', { body: box })
    renderApp('/runtimes', server)
    await choose('box-1', 'Drain')
    await userEvent.click(await screen.findByRole('button', { name: 'Let it take desktops' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/runtimes/2')).toBe(2)
    })
    const [drained, back] = await sent(server, 'PUT')
    expect(drained).toEqual({ ...changeOf(box), is_drained: true })
    expect(back).toEqual(changeOf(box))
  })

  it('are added with what their kind asks for', async () => {
    const server = withRuntimes().on('POST /api/v1/runtimes', { status: 201, body: box })
    renderApp('/runtimes', server)
    const first = await screen.findByRole('button', { name: 'Add the first runtime' })
    expect(screen.queryByRole('button', { name: 'Add a runtime' })).not.toBeInTheDocument()
    await userEvent.click(first)
    const dialog = within(await screen.findByRole('dialog'))
    await userEvent.type(await dialog.findByRole('textbox', { name: /^Name/ }), 'box-1')
    expect(dialog.getByLabelText('Socket')).toHaveValue('/run/docker.sock')
    await userEvent.type(dialog.getByLabelText('Key'), 'hush')
    await userEvent.type(dialog.getByLabelText('Labels'), 'gpu, fast')
    await userEvent.type(dialog.getByLabelText('Most desktops'), '4')
    await userEvent.click(dialog.getByRole('button', { name: 'Add the runtime' }))
    expect(await screen.findByText('box-1 takes desktops from now on.')).toBeVisible()
    expect(await sent(server, 'POST')).toEqual([{
      slug: 'box-1', kind: 'docker', settings: { socket: '/run/docker.sock', key: 'hush' }, labels: ['gpu', 'fast'],
      desktops: 4, memory_mb: null, cpus: null, is_drained: false,
    }])
  })

  it('of another kind ask for other things', async () => {
    renderApp('/runtimes', withRuntimes(runtime()))
    await userEvent.click(await screen.findByRole('button', { name: 'Add a runtime' }))
    await userEvent.selectOptions(await screen.findByLabelText('Kind'), 'local')
    expect(screen.queryByLabelText('Socket')).not.toBeInTheDocument()
  })

  it('are changed without their secrets, and what is refused is said where it is', async () => {
    const why = 'settings.socket: the path of a socket begins with /'
    const server = withRuntimes(box).on('PUT /api/v1/runtimes/2', { status: 422, body: why })
    renderApp('/runtimes', server)
    await choose('box-1', 'Edit…')
    const socket = await screen.findByLabelText('Socket')
    await userEvent.clear(socket)
    await userEvent.type(socket, 'here')
    expect(screen.getByLabelText('Key')).toHaveAttribute('placeholder', 'unchanged')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('the path of a socket begins with /')).toBeVisible()
    expect(socket).toBeInvalid()
    expect(await sent(server, 'PUT')).toEqual([{ ...changeOf(box), settings: { socket: 'here' } }])
  })

  it('are not removed while a desktop is on them', async () => {
    const why = '1 desktop is on box-1. Drain it, and remove it when they are deleted.'
    renderApp('/runtimes', withRuntimes(box).on('DELETE /api/v1/runtimes/2', { status: 409, body: why }))
    await choose('box-1', 'Remove…')
    await userEvent.type(await screen.findByLabelText('Type “box-1” to delete it'), 'box-1{Enter}')
    expect(await screen.findByText(why)).toBeVisible()
  })
})
