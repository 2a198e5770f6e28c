import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { FakeEventSource } from '../../tests/fake-event-source'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp } from '../../tests/render-app'
import { device, devicePage, freeSeat, room, roomMap, seat, serverOfRoom, usedSeat } from '../../tests/rooms'

const grid = async () => within(await screen.findByRole('grid', { name: 'Map of Lab 3' }))
const details = () => screen.getByRole('complementary', { name: 'The chosen computer' })

async function sentBody(server: FakeServer, method: string): Promise<unknown> {
  return server.requests.findLast((request) => request.method === method)?.json()
}

describe('the map', () => {
  it('says of each computer who sits there, in words, and stands where it stands', async () => {
    renderApp('/rooms/3', serverOfRoom())
    const rows = (await grid()).getAllByRole('row')
    const cells = rows.map((row) => within(row).getAllByRole('gridcell').map(({ textContent }) => textContent))
    expect(cells.map((row) => row.map((text) => text !== ''))).toEqual([[true, true, false], [false, false, true]])
    expect(screen.getByRole('button', { name: /^pc-01 ada .*, in use, row 1, column 1$/ })).toHaveTextContent('ada')
    expect(screen.getByRole('button', { name: /^pc-03 Free/ })).toHaveTextContent('Free')
  })

  it('follows the stream, and takes nothing back when it opens', async () => {
    renderApp('/rooms/3', serverOfRoom())
    await grid()
    const changed = roomMap({ seats: [{ ...freeSeat, state: 'in-use', username: 'cleo', since: usedSeat.since }] })
    act(() => {
      FakeEventSource.last.accept()
      FakeEventSource.last.send('map', changed)
    })
    expect(await screen.findByRole('button', { name: /^pc-03 cleo .*in use/ })).toBeVisible()
    expect(screen.queryByRole('button', { name: /^pc-01/ })).not.toBeInTheDocument()
  })

  it('is walked by the arrow keys, and tells of the computer that has the focus', async () => {
    renderApp('/rooms/3', serverOfRoom())
    await grid()
    expect(details()).toHaveTextContent('Choose a computer')
    act(() => {
      screen.getByRole('button', { name: /^pc-01/ }).focus()
    })
    expect(details()).toHaveTextContent('ada')
    await userEvent.keyboard('{ArrowRight}')
    expect(screen.getByRole('button', { name: /^pc-02/ })).toHaveFocus()
    expect(details()).toHaveTextContent('bob')
    await userEvent.keyboard('{ArrowDown}')
    expect(screen.getByRole('button', { name: /^pc-03/ })).toHaveFocus()
    expect(within(details()).getByRole('link', { name: 'Who has used it' })).toHaveAttribute('href', '/devices/33')
    const inTabOrder = (await grid()).getAllByRole('button').filter(({ tabIndex }) => tabIndex === 0)
    expect(inTabOrder).toHaveLength(1)
  })

  it('lets those of a state stand out', async () => {
    renderApp('/rooms/3', serverOfRoom())
    await grid()
    await userEvent.click(screen.getByRole('button', { name: 'Idle 1' }))
    const faint = (await grid()).getAllByRole('button').map((one) => one.dataset['faint'] === 'true')
    expect(faint).toEqual([true, false, true])
    await userEvent.click(screen.getByRole('button', { name: 'Idle 1' }))
    expect((await grid()).getAllByRole('button').some((one) => one.dataset['faint'])).toBe(false)
  })

  it('says whether the room is open, and how much of it is taken', async () => {
    const opening = { is_open: true, until: null }
    renderApp('/rooms/3', serverOfRoom(roomMap({ opening })))
    expect(await screen.findByText(/Open around the clock/)).toHaveTextContent('(Europe/Berlin)')
    expect(screen.getByText(/taken, 2 of 3/)).toHaveTextContent('67 %')
  })

  it('fills the screen', async () => {
    const request = vi.fn(() => Promise.resolve())
    HTMLElement.prototype.requestFullscreen = request
    renderApp('/rooms/3', serverOfRoom())
    await grid()
    await userEvent.click(screen.getByRole('button', { name: 'Full screen' }))
    expect(request.mock.contexts).toEqual([screen.getByRole('region', { name: 'Lab 3' })])
  })

  it.each(['/rooms/9', '/rooms/x'])('is not there at %s', async (path) => {
    renderApp(path, serverOfRoom())
    expect(await screen.findByRole('heading', { name: 'There is no such room' })).toBeVisible()
  })
})

describe('arranging', () => {
  async function arrange(server: FakeServer): Promise<void> {
    renderApp('/rooms/3', server.on('GET /api/v1/devices/33', { body: device({ id: 33, name: 'pc-03' }) }))
    await grid()
    await userEvent.click(screen.getByRole('button', { name: 'Arrange' }))
  }
  const moved = { body: device({ id: 33, name: 'pc-03', row: 2, column: 1 }) }

  it('moves a computer by the keyboard, keeps what else is known of it, and undoes that', async () => {
    const server = serverOfRoom().on('PUT /api/v1/devices/33', moved)
    await arrange(server)
    act(() => {
      screen.getByRole('button', { name: /^pc-03/ }).focus()
    })
    await userEvent.keyboard('{Enter}')
    expect(screen.getByText('pc-03 is in your hand')).toBeVisible()
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{Enter}')
    expect(await screen.findByText(/pc-03 stands in row 2, column 1\./)).toBeVisible()
    const known = { name: 'pc-03', template: 'office', room_id: 3 }
    expect(await sentBody(server, 'PUT')).toEqual({ ...known, row: 2, column: 1 })
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/devices/33')).toBe(2)
    })
    expect(await sentBody(server, 'PUT')).toEqual({ ...known, row: 2, column: 3 })
  })

  it('moves a computer by dragging it', async () => {
    const server = serverOfRoom().on('PUT /api/v1/devices/33', moved)
    await arrange(server)
    fireEvent.dragStart(screen.getByRole('button', { name: /^pc-03/ }))
    fireEvent.drop(screen.getByRole('button', { name: 'Row 1, column 3: empty' }))
    await screen.findByText(/pc-03 stands in row 1, column 3\./)
    expect(await sentBody(server, 'PUT')).toMatchObject({ row: 1, column: 3 })
  })

  it('moves a computer by choice, or takes it off the map', async () => {
    const server = serverOfRoom().on('PUT /api/v1/devices/33', moved)
    await arrange(server)
    await userEvent.click(screen.getByRole('button', { name: /^pc-03/ }))
    await userEvent.selectOptions(screen.getByLabelText('Put it at'), 'Row 2, column 2')
    await userEvent.click(screen.getByRole('button', { name: 'Put it there' }))
    await screen.findByText(/pc-03 stands in row 2, column 2\./)
    await userEvent.click(screen.getByRole('button', { name: /^pc-03/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Take it off the map' }))
    await screen.findByText(/pc-03 has no place in Lab 3 now\./)
    expect(await sentBody(server, 'PUT')).toMatchObject({ room_id: 3, row: null, column: null })
  })

  it('lets go of a computer by Escape', async () => {
    await arrange(serverOfRoom())
    await userEvent.click(screen.getByRole('button', { name: /^pc-03/ }))
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByText('pc-03 is in your hand')).not.toBeInTheDocument()
  })

  it('puts in a computer that had no place', async () => {
    const lost = seat({ device_id: 34, device: 'pc-04', row: null, column: null })
    const spare = device({ id: 40, name: 'spare', room: null, row: null, column: null })
    const server = serverOfRoom(roomMap({ seats: [freeSeat, lost] }))
      .on('GET /api/v1/devices', { body: devicePage(device({ id: 34, name: 'pc-04', row: null, column: null }), spare) })
      .on('GET /api/v1/devices/40', { body: spare })
      .on('PUT /api/v1/devices/40', { body: device({ id: 40, name: 'spare' }) })
    await arrange(server)
    const offered = within(await screen.findByRole('region', { name: 'Without a place (2)' }))
    expect(offered.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'pc-04Lab 3', 'sparein no room',
    ])
    await userEvent.click(offered.getByRole('button', { name: /spare/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Row 1, column 1: empty' }))
    await screen.findByText(/spare stands in row 1, column 1\./)
    expect(await sentBody(server, 'PUT')).toEqual({ name: 'spare', template: 'office', room_id: 3, row: 1, column: 1 })
  })

  it('says why a place was refused', async () => {
    await arrange(serverOfRoom().on('PUT /api/v1/devices/33', { status: 409, body: 'This place is taken.' }))
    await userEvent.click(screen.getByRole('button', { name: /^pc-03/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Row 1, column 3: empty' }))
    expect(await screen.findByText('This place is taken.')).toBeVisible()
  })
})

describe('the public link', () => {
  it('is made, shown once, and taken back', async () => {
    const server = serverOfRoom().on('POST /api/v1/rooms/3/map-link', () => {
      server.on('GET /api/v1/rooms/3/map', { body: roomMap({ room: room({ has_map_link: true }) }) })
      return { status: 201, body: { token: 'secret' } }
    })
    server.on('DELETE /api/v1/rooms/3/map-link', { status: 204 })
    renderApp('/rooms/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Public link' }))
    expect(screen.queryByRole('button', { name: 'Take the link back' })).not.toBeInTheDocument()
    await userEvent.click(await screen.findByRole('button', { name: 'Make a link' }))
    expect(await screen.findByLabelText('The link')).toHaveValue('http://localhost:3000/map#secret')
    await userEvent.click(screen.getByRole('button', { name: 'Take the link back' }))
    expect(await screen.findByText('The link is taken back.')).toBeVisible()
    expect(server.requests.some(({ url }) => url.includes('secret'))).toBe(false)
  })
})

describe('opening hours', () => {
  const open = async (server: FakeServer) => {
    renderApp('/rooms/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'More for this room' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Opening hours…' }))
    await screen.findByText('Each week')
  }

  it('are set for the week and for days that differ, and can be undone', async () => {
    const server = serverOfRoom().on('PUT /api/v1/rooms/3/opening-hours', { body: { week: [], exceptions: [] } })
    await open(server)
    await userEvent.click(screen.getByRole('button', { name: 'Add opening hours on Monday' }))
    await userEvent.click(screen.getByRole('button', { name: 'Monday’s hours for Tuesday to Friday too' }))
    await userEvent.click(screen.getByRole('button', { name: 'Add a holiday or other hours' }))
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled()
    fireEvent.change(screen.getByLabelText('Date of exception 1'), { target: { value: '2026-12-24' } })
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText(/The opening hours are saved\./)
    expect(await sentBody(server, 'PUT')).toEqual({
      week: [0, 1, 2, 3, 4].map((weekday) => ({ weekday, opens: 480, closes: 1080 })),
      exceptions: [{ day: '2026-12-24', hours: [] }],
    })
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/rooms/3/opening-hours')).toBe(2)
    })
    expect(await sentBody(server, 'PUT')).toEqual({ week: [], exceptions: [] })
  })

  it('say what is wrong with them', async () => {
    await open(serverOfRoom())
    await userEvent.click(screen.getByRole('button', { name: 'Add opening hours on Sunday' }))
    fireEvent.change(screen.getByLabelText('Sunday closes'), { target: { value: '07:00' } })
    expect(screen.getByRole('alert')).toHaveTextContent('Sunday: the room has to open before it closes.')
    await userEvent.click(screen.getByRole('button', { name: /Remove .* on Sunday/ }))
    expect(screen.getByRole('alert')).toBeEmptyDOMElement()
  })
})
