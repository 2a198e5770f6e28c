import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { desktopQuery } from '../../api/queries'
import { ScreenConnection, type Link, type Opened } from './connection'
import type { Screen } from './screen'

/** Opens a desktop's screen in an element. */
export type Open = (element: HTMLElement, id: number) => Opened<Screen>

type Shown = { link: Link; screen: Screen | null; retryNow: () => void }

/** Shows a desktop's screen in an element, for as long as that is on the page. */
export function useScreen(id: number, target: RefObject<HTMLElement | null>, open: Open): Shown {
  const client = useQueryClient()
  const connection = useRef<ScreenConnection<Screen>>(null)
  const [shown, setShown] = useState<{ link: Link; screen: Screen | null }>({
    link: { phase: 'connecting' },
    screen: null,
  })
  useEffect(() => {
    const element = target.current
    if (!element) return
    connection.current = new ScreenConnection<Screen>({
      open: () => {
        const opened = open(element, id)
        keepLastPicture(opened.viewer, element)
        return opened
      },
      check: () => client.query({ ...desktopQuery(id), staleTime: 0, retry: false }),
      report: (link, screen) => {
        setShown({ link, screen })
      },
    })
    connection.current.start()
    return () => connection.current?.stop()
  }, [id, target, open, client])
  return { ...shown, retryNow: () => connection.current?.retryNow() }
}

/** Leaves the last picture in place, dimmed by its style, when the connection breaks, until a new one comes. */
function keepLastPicture(viewer: Screen, element: HTMLElement): void {
  const screen = element.lastElementChild
  viewer.addEventListener('connect', () => {
    element.querySelectorAll('[data-past]').forEach((past) => {
      past.remove()
    })
  })
  viewer.addEventListener('disconnect', () => {
    const hasPicture = screen?.querySelector('canvas')?.width
    if (!screen || !hasPicture || !element.isConnected) return
    screen.setAttribute('data-past', '')
    screen.setAttribute('inert', '')
    element.append(screen)
  })
}
