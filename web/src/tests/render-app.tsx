import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import type { User } from '../api/client'
import { createQueryClient } from '../api/query-client'
import { App } from '../app'
import { FakeEventSource } from './fake-event-source'
import { FakeServer } from './fake-server'
import { ada, template } from './examples'
import { tracking } from './tracking'

/** The whole page at an address, in front of a fake server. */
export function renderApp(path: string, server: FakeServer): void {
  FakeEventSource.install()
  renderWithin(
    <MemoryRouter initialEntries={[path]}>
      <App />
    </MemoryRouter>,
  )
  const isLoading = document.querySelector('main[aria-busy]') !== null
  if (server.asked.length === 0 && !isLoading) throw new Error('The page asked its server nothing.')
}

export function renderWithin(children: ReactNode) {
  const client = createQueryClient()
  client.setDefaultOptions({ queries: { retry: false } })
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
      <Notifications />
    </MantineProvider>,
  )
  return client
}

/** A server to which Ada is signed in. */
export function serverOfAda(): FakeServer {
  return serverOf(ada)
}

/** A server to which this person is signed in. */
export function serverOf(user: User): FakeServer {
  return new FakeServer()
    .on('GET /api/v1/about', { body: { name: 'Deskbay', version: '1', sign_up_open: true, providers: [], sends_mail: false } })
    .on('GET /api/v1/auth/me', { body: user })
    .on('GET /api/v1/templates', { body: { items: [template()] } })
    .on('GET /api/v1/desktops', { body: { items: [], next_cursor: null } })
    .on('GET /api/v1/tracking', { body: tracking() })
    .on('GET /api/v1/announcements', { body: { items: [] } })
    .on('GET /api/v1/announcements/public', { body: { items: [] } })
    .on('GET /api/v1/groups', { body: { items: [], next_cursor: null, total: 0 } })
}

/** A server to which nobody is signed in. */
export function serverOfNobody(): FakeServer {
  return serverOfAda().on('GET /api/v1/auth/me', { status: 401 }).on('POST /api/v1/auth/refresh', { status: 401 })
}
