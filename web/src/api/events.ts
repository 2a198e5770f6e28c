import type { QueryClient } from '@tanstack/react-query'
import type { Desktop } from './client'
import type { Topic } from './live-stream'
import { forgetDesktop, keys, rememberDesktop } from './queries'

/**
 * Keeps the cache level with a person's desktops.
 *
 * Whatever was missed while the stream was away is fetched again when it is back.
 */
export function desktopEvents(client: QueryClient, ownerId: number): Topic {
  return {
    path: '/api/v1/events',
    onOpen: () => {
      void client.invalidateQueries({ queryKey: keys.desktops })
      void client.invalidateQueries({ queryKey: ['desktop'] })
    },
    on: {
      desktop: (data) => {
        const desktop = data as Desktop
        // An administrator's stream carries everybody's; these lists show one's own.
        if (desktop.owner.id === ownerId) rememberDesktop(client, desktop)
      },
      'desktop-deleted': (data) => {
        forgetDesktop(client, (data as { id: number }).id)
      },
    },
  }
}
