import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SignIn } from '../../api/sign-ins'
import { grace, joan, signIn } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOf } from '../../tests/render-app'

const ada = signIn({ id: 'ada' })
const bob = signIn({
  id: 'bob',
  user_id: 2,
  username: 'bob',
  full_name: null,
  device_id: 6,
  device: 'pc-06',
  room_id: 4,
  room: 'Hall',
  event: 'lesson',
  application: 'Writer',
  started_at: '2026-03-01T10:30:00Z',
  idle_since: '2026-03-01T10:40:00Z',
})

async function tell(...events: [string, unknown][]): Promise<void> {
  await act(async () => {
    for (const [name, data] of events) FakeEventSource.last.send(name, data)
    FakeEventSource.last.send('looked', { at: '2026-03-01T11:00:00Z' })
    await new Promise((resolve) => setTimeout(resolve))
  })
}
const come = (...items: SignIn[]): [string, unknown] => ['sign-ins', { items }]
const go = (...ids: string[]): [string, unknown] => ['sign-outs', { ids }]

async function open(path = '/on-now', user = grace): Promise<void> {
  renderApp(path, serverOf(user))
  await screen.findByRole('heading', { name: 'Who is on now', level: 1 })
  act(() => {
    FakeEventSource.last.accept()
  })
}

const people = () =>
  screen.getAllByRole('row').flatMap((row) => within(row).queryAllByRole('link')[0]?.textContent ?? [])
const counts = () => screen.getByText('on now').closest('p')?.textContent

beforeEach(() => {
  Object.assign(window, { scrollTo: vi.fn() })
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('who is on now', () => {
  it('is listed, the newest first, with ways to the person, the computer and the room', async () => {
    await open()
    await tell(come(ada, bob))
    expect(people()).toEqual(['bob', 'Ada Lovelace'])
    expect(screen.getByRole('link', { name: 'bob' })).toHaveAttribute('href', '/people/2')
    expect(screen.getByRole('link', { name: 'pc-06' })).toHaveAttribute('href', '/devices/6')
    expect(screen.getByRole('link', { name: 'Hall' })).toHaveAttribute('href', '/rooms/4')
  })

  it('leads who looks after a group to its people alone', async () => {
    await open('/on-now', joan)
    await tell()
    expect(screen.getByText(/Nobody whom you look after sits at a computer/)).toBeVisible()
    await tell(come(bob))
    expect(screen.getAllByRole('link', { name: /bob|pc-06|Hall/ }).map(({ textContent }) => textContent)).toEqual(['bob'])
    expect(screen.getByText('pc-06')).toBeVisible()
  })

  it('is told with what they do', async () => {
    await open()
    await tell(come(ada, bob))
    expect(screen.getByRole('cell', { name: 'lesson · Writer' })).toBeVisible()
  })

  it('is counted, and it is said how old the counts are', async () => {
    await open()
    await tell(come(ada, bob, signIn({ id: 'c', room_id: null, room: null })))
    expect(counts()).toBe('3 on now1 idle2 rooms in useupdated just now')
  })

  it('changes as they come and go', async () => {
    await open()
    await tell(come(ada))
    await tell(come(bob), go('ada'))
    expect(people()).toEqual(['bob'])
  })

  it('is told anew after the stream was away', async () => {
    await open()
    await tell(come(ada))
    act(() => {
      FakeEventSource.last.accept()
    })
    expect(people()).toEqual(['Ada Lovelace'])
    await tell(come(bob))
    expect(people()).toEqual(['bob'])
  })

  it('does not move under the pointer', async () => {
    await open()
    await tell(come(ada))
    await userEvent.hover(screen.getByRole('link', { name: 'Ada Lovelace' }))
    await tell(come(bob), go('ada'))
    expect(people()).toEqual(['Ada Lovelace'])
    expect(screen.getByText('Signed out')).toBeVisible()
    expect(screen.getByRole('button', { name: '1 came, 1 left · Show' })).toBeVisible()
    await userEvent.unhover(screen.getByRole('link', { name: 'Ada Lovelace' }))
    expect(people()).toEqual(['bob'])
    expect(screen.queryByRole('button', { name: /came/ })).not.toBeInTheDocument()
  })

  it('may be nobody', async () => {
    await open()
    await tell()
    expect(screen.getByText(/Nobody sits at a computer right now/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'See the computers' })).toHaveAttribute('href', '/devices')
    expect(screen.getByRole('button', { name: 'Export CSV' })).toBeDisabled()
  })
})

describe('the filter', () => {
  it('is led to by the slash key, and narrows the list', async () => {
    await open()
    await tell(come(ada, bob))
    await userEvent.keyboard('/room:hall')
    expect(people()).toEqual(['bob'])
    expect(screen.getByText('1 of 2, newest first')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    expect(people()).toEqual(['bob', 'Ada Lovelace'])
  })

  it('is kept in the address', async () => {
    await open('/on-now?filter=person%3Aada')
    await tell(come(ada, bob))
    expect(people()).toEqual(['Ada Lovelace'])
    expect(screen.getByRole('searchbox')).toHaveValue('person:ada')
  })

  it('that nobody matches can be taken away', async () => {
    await open('/on-now?filter=zoe')
    await tell(come(ada))
    await userEvent.click(screen.getByRole('button', { name: 'Show everyone' }))
    expect(people()).toEqual(['Ada Lovelace'])
  })
})

function textOf(file: File | undefined): Promise<unknown> {
  if (!file) throw new Error('Nothing was saved.')
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => {
      resolve(reader.result)
    }
    reader.readAsText(file)
  })
}

it('exports what is shown', async () => {
  const saved: File[] = []
  Object.assign(URL, {
    createObjectURL: (file: File) => {
      saved.push(file)
      return 'blob:saved'
    },
    revokeObjectURL: () => undefined,
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  await open('/on-now?filter=hall')
  await tell(come(ada, bob))
  await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }))
  expect(saved[0]?.name).toMatch(/^on-now-\d{4}-\d\d-\d\dT\d\d-\d\d\.csv$/)
  await expect(textOf(saved[0])).resolves.toBe(
    'username,full name,computer,room,event,application,since,idle since\r\n' +
      'bob,,pc-06,Hall,lesson,Writer,2026-03-01T10:30:00Z,2026-03-01T10:40:00Z\r\n',
  )
})

it('holds one stream at a time', async () => {
  await open()
  await userEvent.click(screen.getByRole('link', { name: 'Desktops' }))
  await screen.findByRole('heading', { name: 'Your desktops' })
  expect(FakeEventSource.opened.filter(({ isClosed }) => !isClosed)).toHaveLength(1)
})
