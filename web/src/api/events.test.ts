import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ada, desktop } from '../tests/examples'
import { FakeEventSource } from '../tests/fake-event-source'
import type { Desktop } from './client'
import { ownEvents } from './events'
import { LiveStream } from './live-stream'
import { createQueryClient } from './query-client'
import { keys } from './queries'

let client: ReturnType<typeof createQueryClient>
let events: LiveStream

beforeEach(() => {
  FakeEventSource.install()
  client = createQueryClient()
  client.setQueryData(keys.desktops, [desktop()])
  events = new LiveStream(client, ownEvents(client, ada.id), () => undefined)
  events.start()
})

afterEach(() => {
  events.stop()
})

const states = () => client.getQueryData<Desktop[]>(keys.desktops)?.map(({ state }) => state)

describe('the stream of desktops', () => {
  it('changes what is shown', () => {
    FakeEventSource.last.send('desktop', desktop({ state: 'stopping' }))
    expect(states()).toEqual(['stopping'])
    FakeEventSource.last.send('desktop-deleted', { id: 7 })
    expect(states()).toEqual([])
  })

  it("leaves out other people's desktops", () => {
    FakeEventSource.last.send('desktop', desktop({ id: 8, owner: { id: 2, username: 'grace' } }))
    expect(states()).toEqual(['running'])
  })

  it('has what was missed fetched again once it is open', () => {
    FakeEventSource.last.accept()
    expect(client.getQueryState(keys.desktops)?.isInvalidated).toBe(true)
  })
})
