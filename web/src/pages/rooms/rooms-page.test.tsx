import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { ownZone } from '../../components/zone-select'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'
import { grace } from '../../tests/examples'
import { room, serverOfRoom } from '../../tests/rooms'

const card = async (name: string) => within(await screen.findByRole('article', { name }))

describe('rooms', () => {
  it('teach what they are when there is none', async () => {
    const server = serverOf(grace)
      .on('GET /api/v1/rooms', { body: { items: [] } })
      .on('GET /api/v1/rooms/occupancy', { body: { items: [] } })
    renderApp('/rooms', server)
    const first = await screen.findByRole('button', { name: 'Add the first room' })
    expect(screen.queryByRole('button', { name: 'Add a room' })).not.toBeInTheDocument()
    await userEvent.click(first)
    expect(await screen.findByRole('dialog', { name: 'Add a room' })).toBeVisible()
  })

  it('are nothing to people who do not administer', async () => {
    renderApp('/rooms', serverOfAda())
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  })

  it('show how many are in use, idle, free and offline', async () => {
    renderApp('/rooms', serverOfRoom())
    const lab = await card('Lab 3')
    expect(lab.getByText(/2 of 3 computers/)).toHaveTextContent('67 % taken')
    expect(lab.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      '1 in use', '1 idle', '1 free', '0 offline',
    ])
    expect(lab.getByRole('link', { name: 'Lab 3' })).toHaveAttribute('href', '/rooms/3')
  })

  it('follow who comes and goes', async () => {
    renderApp('/rooms', serverOfRoom())
    const lab = await card('Lab 3')
    act(() => {
      const counts = { 'in-use': 0, idle: 0, free: 0, offline: 3 }
      FakeEventSource.last.send('occupancy', { items: [{ room_id: 3, counts }] })
    })
    expect(await lab.findByText('3 offline')).toBeVisible()
    expect(lab.getByText(/0 of 3 computers/)).toBeVisible()
  })

  it('are found by name; the slash key begins a search', async () => {
    const server = serverOfRoom().on('GET /api/v1/rooms', { body: { items: [room(), room({ id: 4, name: 'Hall' })] } })
    renderApp('/rooms', server)
    await card('Hall')
    await userEvent.keyboard('/lab')
    expect(screen.queryByRole('article', { name: 'Hall' })).not.toBeInTheDocument()
    await userEvent.keyboard('zzz')
    expect(screen.getByText('No room has all of these words in its name.')).toBeVisible()
  })

  it('are added with grid and time zone', async () => {
    const server = serverOfRoom().on('POST /api/v1/rooms', { status: 201, body: room({ id: 5, name: 'Attic' }) })
    renderApp('/rooms', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Add a room' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a room' }))
    await userEvent.type(dialog.getByRole('textbox', { name: /Name/ }), 'Attic')
    await userEvent.clear(dialog.getByRole('spinbutton', { name: /Rows/ }))
    await userEvent.type(dialog.getByRole('spinbutton', { name: /Rows/ }), '5')
    await userEvent.click(dialog.getByRole('button', { name: 'Add the room' }))
    expect(await screen.findByText('Attic is there.')).toBeVisible()
    const sent = server.requests.find(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ name: 'Attic', rows: 5, columns: 6, zone: ownZone })
  })

  it('stay in the form when the server refuses them', async () => {
    const server = serverOfRoom().on('PUT /api/v1/rooms/3', { status: 409, body: 'There is a room “Hall” already.' })
    renderApp('/rooms', server)
    await userEvent.click((await card('Lab 3')).getByRole('button', { name: 'More for Lab 3' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Edit…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Edit Lab 3' }))
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
    expect(await dialog.findByText('There is a room “Hall” already.')).toBeVisible()
    expect(dialog.getByRole('textbox', { name: /Name/ })).toHaveValue('Lab 3')
  })

  it('are deleted only by one who types the name', async () => {
    const server = serverOfRoom().on('DELETE /api/v1/rooms/3', { status: 204 })
    renderApp('/rooms', server)
    await userEvent.click((await card('Lab 3')).getByRole('button', { name: 'More for Lab 3' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
    expect(await screen.findByRole('button', { name: 'Delete for good' })).toBeDisabled()
    await userEvent.type(screen.getByLabelText('Type “Lab 3” to delete it'), 'Lab 3{Enter}')
    expect(await screen.findByText('Lab 3 is deleted.')).toBeVisible()
  })

  it('say when they could not be loaded, and try again', async () => {
    const server = serverOfRoom().on('GET /api/v1/rooms', { status: 400, body: 'The database is being moved.' })
    renderApp('/rooms', server)
    expect(await screen.findByText('The database is being moved.')).toBeVisible()
    server.on('GET /api/v1/rooms', { body: { items: [room()] } })
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await card('Lab 3')
  })
})
