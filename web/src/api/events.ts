import type { QueryClient } from '@tanstack/react-query'
import type { Desktop, User } from './client'
import type { Topic } from './live-stream'
import { forgetDesktop, keys, rememberDesktop } from './queries'
import { rememberRestore, type Restore } from './restores'
import { forgetSession, rememberSession, type Session } from './sessions'

const missed: unknown[] = ['desktops', 'desktop', 'sessions', 'session', 'restore', 'volumes', 'announcements']

/**
 * Keeps the cache level with a person's desktops, sessions and restores.
 *
 * Whatever was missed while the stream was away is fetched again when it is back.
 */
export function ownEvents(client: QueryClient, ownerId: number): Topic {
  const refreshVolumes = () => {
    void client.invalidateQueries({ queryKey: ['volumes'] })
  }
  return {
    path: '/api/v1/events',
    onOpen: () => {
      void client.invalidateQueries({ predicate: ({ queryKey }) => missed.includes(queryKey[0]) })
    },
    on: {
      desktop: (data) => {
        const desktop = data as Desktop
        // An administrator's stream carries everybody's; these lists show one's own.
        if (desktop.owner.id === ownerId) rememberDesktop(client, desktop)
        if (desktop.volumes.length > 0) refreshVolumes()
      },
      rights: (data) => {
        client.setQueryData<User | null>(keys.me, (me) => me && { ...me, ...(data as Pick<User, 'rights'>) })
      },
      announcements: () => {
        void client.invalidateQueries({ queryKey: ['announcements'] })
      },
      volume: refreshVolumes,
      'desktop-deleted': (data) => {
        forgetDesktop(client, (data as { id: number }).id)
      },
      session: (data) => {
        rememberSession(client, data as Session)
      },
      'session-deleted': (data) => {
        forgetSession(client, (data as { id: number }).id)
      },
      restore: (data) => {
        rememberRestore(client, data as Restore)
      },
    },
  }
}
