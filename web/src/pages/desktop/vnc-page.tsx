import RFB from '@novnc/novnc'
import type { Desktop } from '../../api/client'
import { addressOf } from './screen'
import { ScreenPage } from './screen-page'

export default function VncPage({ desktop }: { desktop: Desktop }) {
  return <ScreenPage desktop={desktop} open={open} />
}

function open(element: HTMLElement, id: number) {
  const socket = new WebSocket(addressOf(id, 'vnc'))
  const viewer = new RFB(element, socket)
  viewer.background = 'transparent'
  return { viewer, socket }
}
