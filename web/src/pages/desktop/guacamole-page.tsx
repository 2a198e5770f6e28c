import type { Desktop } from '../../api/client'
import { GuacamoleScreen } from './guacamole-screen'
import { ScreenPage } from './screen-page'

export default function GuacamolePage({ desktop }: { desktop: Desktop }) {
  return <ScreenPage desktop={desktop} open={open} />
}

function open(element: HTMLElement, id: number) {
  return { viewer: new GuacamoleScreen(element, id) }
}
