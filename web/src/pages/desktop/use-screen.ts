import RFB from '@novnc/novnc'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { desktopQuery } from '../../api/queries'
import { ScreenConnection, type Link } from './connection'

type Screen = { link: Link; rfb: RFB | null; retryNow: () => void }

/** Shows a desktop's screen in an element, for as long as that is on the page. */
export function useScreen(id: number, target: RefObject<HTMLElement | null>): Screen {
  const client = useQueryClient()
  const connection = useRef<ScreenConnection<RFB>>(null)
  const [screen, setScreen] = useState<{ link: Link; rfb: RFB | null }>({ link: { phase: 'connecting' }, rfb: null })
  useEffect(() => {
    const element = target.current
    if (!element) return
    connection.current = new ScreenConnection<RFB>({
      open: () => openIn(element, id),
      check: () => client.query({ ...desktopQuery(id), staleTime: 0, retry: false }),
      report: (link, rfb) => {
        setScreen({ link, rfb })
      },
    })
    connection.current.start()
    return () => connection.current?.stop()
  }, [id, target, client])
  return { ...screen, retryNow: () => connection.current?.retryNow() }
}

function openIn(element: HTMLElement, id: number) {
  const address = new URL(`/api/v1/desktops/${id}/vnc`, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  const viewer = new RFB(element, socket)
  viewer.background = 'transparent'
  keepLastPicture(viewer, element)
  return { viewer, socket }
}

/** Leaves the last picture in place, dimmed by its style, when the connection breaks, until a new one comes. */
function keepLastPicture(viewer: RFB, element: HTMLElement): void {
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
