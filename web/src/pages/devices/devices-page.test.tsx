import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeEventSource } from '../../tests/fake-event-source'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp } from '../../tests/render-app'
import { device, devicePage, room, serverOfRoom } from '../../tests/rooms'

const token = { device: device(), token: 'dd_secret' }

/** What the page asked of the list last. */
function asked(server: FakeServer): Record<string, string> {
  const last = server.requests.findLast(({ url }) => new URL(url).pathname === '/api/v1/devices')
  return Object.fromEntries(new URL(last?.url ?? '').searchParams)
}

async function choose(menu: string | RegExp, item: string | RegExp): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: menu }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

describe('the list', () => {
  it('shows status, room, place, last report and token of each device', async () => {
    const revoked = device({ id: 32, name: 'pc-02', has_token: false, revoked_at: '2026-01-02T09:00:00Z' })
    const fresh = device({ id: 33, name: 'pc-03', room: null, row: null, state: 'offline', has_token: false, last_seen_at: null })
    renderApp('/devices', serverOfRoom().on('GET /api/v1/devices', { body: devicePage(device(), revoked, fresh) }))
    const rows = within(await screen.findByRole('table')).getAllByRole('row').slice(1)
    expect(rows.map(({ textContent }) => textContent.replace(/\d+ days ago$|(?<=column 1)\d+ days ago/, '…'))).toEqual([
      'pc-01In useLab 3 row 1, column 1…has one',
      'pc-02In useLab 3 row 1, column 1…revoked',
      'pc-03Offlinein no roomnevernone yet',
    ])
    expect(screen.getByRole('link', { name: 'pc-01' })).toHaveAttribute('href', '/devices/31')
    expect(screen.getByText('1–3 of 3')).toBeVisible()
  })

  it('asks for what the address says', async () => {
    const server = serverOfRoom()
    renderApp('/devices?filter=room%3A%22Lab+3%22+status%3Aidle+pc', server)
    await waitFor(() => {
      expect(asked(server)).toEqual({ room_id: '3', state: 'idle', search: 'pc', limit: '100' })
    })
    expect(screen.getByLabelText('Room')).toHaveValue('Lab 3')
    expect(screen.getByLabelText('Status')).toHaveValue('idle')
  })

  it('says whose own a device is, and narrows to those for everybody', async () => {
    const own = device({ name: 'thinkpad', room: null, row: null, column: null, owner: { id: 7, username: 'ada' } })
    const server = serverOfRoom().on('GET /api/v1/devices', { body: devicePage(own) })
    renderApp('/devices?filter=owner%3Aada', server)
    expect(await screen.findByRole('cell', { name: 'ada’s own' })).toBeVisible()
    expect(screen.getByRole('link', { name: 'ada' })).toHaveAttribute('href', '/people/7')
    expect(screen.getByLabelText('Owner')).toHaveDisplayValue('ada’s own')
    expect(asked(server)).toEqual({ owner: 'ada', limit: '100' })
    await userEvent.selectOptions(screen.getByLabelText('Owner'), 'Without an owner')
    await waitFor(() => {
      expect(asked(server)).toEqual({ shared: 'true', limit: '100' })
    })
  })

  it('is searched by typing after the slash key, and narrowed by choice', async () => {
    const server = serverOfRoom()
    renderApp('/devices', server)
    await screen.findByRole('table')
    await userEvent.keyboard('/pc')
    await userEvent.selectOptions(screen.getByLabelText('Status'), 'Offline')
    await userEvent.selectOptions(screen.getByLabelText('Place'), 'Without a place')
    expect(screen.getByRole('searchbox')).toHaveValue('pc status:offline place:none')
    await waitFor(() => {
      expect(asked(server)).toEqual({ search: 'pc', state: 'offline', unplaced: 'true', limit: '100' })
    })
  })

  it('says what it could not read of a search, and when nothing matches', async () => {
    renderApp('/devices?filter=room:Attic', serverOfRoom().on('GET /api/v1/devices', { body: devicePage() }))
    expect(await screen.findByText('There is no room “attic”.')).toBeVisible()
    expect(await screen.findByText(/No device matches/)).toBeVisible()
  })

  it('leads from page to page and back', async () => {
    const first = { items: [device()], next_cursor: 31, total: 2 }
    const second = { items: [device({ id: 32, name: 'pc-02' })], next_cursor: null, total: 2 }
    const server = serverOfRoom().on('GET /api/v1/devices', ({ url }) => ({
      body: new URL(url).searchParams.has('cursor') ? second : first,
    }))
    renderApp('/devices', server)
    await userEvent.click(await screen.findByRole('link', { name: 'Next' }))
    await screen.findByRole('link', { name: 'pc-02' })
    expect(screen.getByText('2–2 of 2')).toBeVisible()
    expect(screen.queryByRole('link', { name: 'Next' })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('link', { name: 'Previous' }))
    await screen.findByRole('link', { name: 'pc-01' })
    expect(screen.getByText('1–1 of 2')).toBeVisible()
  })

  it('is fetched again when anything changes in any room', async () => {
    const server = serverOfRoom()
    renderApp('/devices', server)
    await screen.findByText('In use', { selector: 'td span' })
    server.on('GET /api/v1/devices', { body: devicePage(device({ state: 'free' })) })
    act(() => {
      FakeEventSource.last.send('occupancy', { items: [] })
    })
    expect(await screen.findByText('Free', { selector: 'td span' })).toBeVisible()
  })
})

describe('a device', () => {
  it('is added, and its token shown once', async () => {
    const server = serverOfRoom().on('POST /api/v1/devices', { status: 201, body: token })
    renderApp('/devices', server)
    await choose('Add devices', 'One by hand…')
    await userEvent.type(await screen.findByRole('textbox', { name: /Name/ }), 'pc-01')
    await userEvent.selectOptions(within(screen.getByRole('dialog')).getByLabelText('Room'), 'Lab 3')
    await userEvent.type(screen.getByLabelText('Row'), '1')
    await userEvent.type(screen.getByLabelText('Column'), '2')
    await userEvent.click(screen.getByRole('button', { name: 'Add the device' }))
    expect(await screen.findByLabelText('Token')).toHaveValue('dd_secret')
    const sent = server.requests.find(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ name: 'pc-01', room_id: 3, row: 1, column: 2, template: null })
    await userEvent.click(screen.getByRole('button', { name: 'Done' }))
    expect(screen.queryByDisplayValue('dd_secret')).not.toBeInTheDocument()
  })

  it('is renamed, and says why it can not be', async () => {
    const server = serverOfRoom().on('PUT /api/v1/devices/31', { status: 409, body: 'The name is taken.' })
    renderApp('/devices', server)
    await choose('More for pc-01', 'Rename or move…')
    const name = await screen.findByRole('textbox', { name: /Name/ })
    await userEvent.type(name, 'x')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('The name is taken.')).toBeVisible()
    expect(name).toHaveValue('pc-01x')
    server.on('PUT /api/v1/devices/31', { body: device({ name: 'pc-01x' }) })
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('pc-01x is changed.')).toBeVisible()
  })

  it('gets a new token, or loses its own', async () => {
    const server = serverOfRoom()
      .on('POST /api/v1/devices/31/token', { status: 201, body: token })
      .on('DELETE /api/v1/devices/31/token', { status: 204 })
    renderApp('/devices', server)
    await choose('More for pc-01', /^New token/)
    expect(await screen.findByLabelText('Token')).toHaveValue('dd_secret')
    await userEvent.click(screen.getByRole('button', { name: 'Done' }))
    await choose('More for pc-01', 'Revoke its token')
    expect(await screen.findByText(/The token of pc-01 is revoked/)).toBeVisible()
  })
})

describe('a code', () => {
  it('is made for a room, and shown with the line to paste', async () => {
    const code = { code: 'k3Tw', expires_at: '2026-01-06T09:00:00Z' }
    const server = serverOfRoom().on('POST /api/v1/devices/codes', { status: 201, body: code })
    renderApp('/devices', server)
    await choose('Add devices', /by a code/)
    await userEvent.selectOptions(screen.getByLabelText('The room in which it will be'), 'Lab 3')
    await userEvent.click(screen.getByRole('button', { name: 'Make a code' }))
    expect(await screen.findByLabelText('The code alone')).toHaveValue('k3Tw')
    expect(screen.getByLabelText(/^On Linux/)).toHaveValue(
      'DESKBAY_URL=http://localhost:3000 sh lab-client.sh enrol k3Tw',
    )
    const sent = server.requests.find(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ room_id: 3 })
  })
})

describe('an import', () => {
  const file = 'name,room\npc-1,Lab 3\npc-2,Attic\n'
  const good = { line: 2, name: 'pc-1', is_new: true, token: null }
  const error = { line: 3, message: 'There is no room “Attic”. Make it first.' }
  const importPath = 'POST /api/v1/devices/import'

  beforeEach(() => {
    URL.createObjectURL = vi.fn(() => 'blob:tokens')
    URL.revokeObjectURL = vi.fn()
  })

  function serverOfImport(): FakeServer {
    return serverOfRoom().on(importPath, ({ url }) => {
      const query = new URL(url).searchParams
      const written = query.get('preview') !== 'true' && query.get('skip_errors') === 'true'
      return { body: { written, devices: [{ ...good, token: written ? 'dd_1' : null }], errors: [error] } }
    })
  }
  const paste = async (text: string) => {
    await choose('Add devices', /CSV/)
    await userEvent.click(screen.getByLabelText(/Name each computer/))
    await userEvent.paste(text)
    await userEvent.click(screen.getByRole('button', { name: 'Look at what it would do' }))
  }

  it('shows what each row would do, and writes nothing while one is wrong', async () => {
    const server = serverOfImport()
    renderApp('/devices', server)
    await paste(file)
    const rows = within(await screen.findByRole('region', { name: 'Rows of the file' })).getAllByRole('row').slice(1)
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      `3pc-2,Attic${error.message}`, '2pc-1,Lab 3pc-1 is new',
    ])
    expect(screen.getByRole('button', { name: 'Import 1 device' })).toBeDisabled()
    expect(server.requests.filter(({ url }) => url.includes('/import')).every(({ url }) => url.includes('preview=true'))).toBe(true)
  })

  it('leaves out wrong rows if one asks for it, and offers the tokens as a file', async () => {
    const server = serverOfImport()
    renderApp('/devices', server)
    await paste(file)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Leave out 1 wrong row' }))
    await userEvent.click(screen.getByRole('button', { name: 'Import 1 device' }))
    expect(await screen.findByText('1 device imported, 1 wrong row left out.')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Save the tokens' })).toHaveAttribute('download', 'tokens.csv')
    const sent = server.requests.findLast(({ url }) => url.includes('/import'))
    expect(sent?.headers.get('Content-Type')).toBe('text/csv')
    await expect(sent?.text()).resolves.toBe(file)
  })

  it('reads a file that is chosen', async () => {
    const server = serverOfImport()
    renderApp('/devices', server)
    await choose('Add devices', /CSV/)
    const input = document.querySelector<HTMLInputElement>('input[type=file]')
    if (!input) throw new Error('There is no way to choose a file.')
    await userEvent.upload(input, new File([file], 'lab.csv', { type: 'text/csv' }))
    expect(await screen.findByText('1 new device, 0 there already, 1 wrong row. Nothing is written yet.')).toBeVisible()
    expect(screen.getByLabelText(/Name each computer/)).toHaveValue(file)
  })

  it('says when it is no such file, and keeps what was pasted', async () => {
    const refusal = 'The first line has to name the columns.'
    renderApp('/devices', serverOfRoom().on(importPath, { status: 422, body: refusal }))
    await paste('computer\npc-1')
    expect(await screen.findByText(refusal)).toBeVisible()
    expect(screen.getByLabelText(/Name each computer/)).toHaveValue('computer\npc-1')
  })

  it('forgets the preview when the text is changed', async () => {
    renderApp('/devices', serverOfImport())
    await paste(file)
    await screen.findByRole('region', { name: 'Rows of the file' })
    await userEvent.type(screen.getByLabelText(/Name each computer/), 'x')
    expect(screen.queryByRole('button', { name: /^Import/ })).not.toBeInTheDocument()
  })
})

it('teaches what devices are when there is none', async () => {
  renderApp('/devices', serverOfRoom().on('GET /api/v1/devices', { body: devicePage() }).on('GET /api/v1/rooms', { body: { items: [room()] } }))
  expect(await screen.findByRole('button', { name: 'Import devices' })).toBeVisible()
})
