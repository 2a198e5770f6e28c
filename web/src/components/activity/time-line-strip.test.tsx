import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Piece } from '../../api/activity'
import { renderWithin } from '../../tests/render-app'
import { TimeLineStrip } from './time-line-strip'

const at = { device_id: 1, device: 'pc-1' }
const pieces: Piece[] = [
  { ...at, kind: 'presence', name: '', start: '2026-10-24T22:00:00Z', end: '2026-10-25T02:00:00Z' },
  { ...at, kind: 'application', name: 'Writer', start: '2026-10-25T00:30:00Z', end: '2026-10-25T01:30:00Z' },
]
const shown = (some: Piece[]) => {
  renderWithin(<TimeLineStrip day="2026-10-25" zone="Europe/Berlin" pieces={some} colourOf={() => 'red'} />)
}

describe('the strip of a day', () => {
  it('tells of each piece by the keyboard, on a day when an hour comes twice', async () => {
    shown(pieces)
    const slider = screen.getByRole('slider', { name: /25 October 2026: 2 intervals/ })
    await userEvent.tab()
    expect(slider).toHaveFocus()
    expect(slider).toHaveAttribute('aria-valuetext', 'At the computer on pc-1, 00:00 – 03:00 (4 h 0 min)')
    await userEvent.keyboard('{ArrowRight}')
    expect(slider).toHaveAttribute('aria-valuetext', 'Application Writer on pc-1, 02:30 – 02:30 (1 h 0 min)')
    await userEvent.keyboard('{ArrowRight}')
    expect(slider).toHaveAttribute('aria-valuenow', '2')
    await userEvent.keyboard('{Home}')
    expect(slider).toHaveAttribute('aria-valuenow', '1')
  })

  it('tells of the piece under the pointer', async () => {
    shown(pieces)
    const [, piece] = document.querySelectorAll('[data-number]')
    if (!piece) throw new Error('No piece is drawn.')
    await userEvent.hover(piece)
    expect(screen.getByText(/Writer on pc-1/)).toBeVisible()
    await userEvent.unhover(screen.getByRole('slider'))
    expect(screen.queryByText(/Writer on pc-1/)).not.toBeInTheDocument()
  })

  it('without pieces is drawn, and is no stop for the keyboard', () => {
    shown([])
    expect(screen.getByText('Presence')).toBeVisible()
    expect(screen.queryByRole('slider')).not.toBeInTheDocument()
  })
})
