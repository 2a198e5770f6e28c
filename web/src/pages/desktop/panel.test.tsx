import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter, Route, Routes } from 'react-router'
import { beforeEach, expect, it } from 'vitest'
import type { Desktop } from '../../api/client'
import { desktop } from '../../tests/examples'
import { FakeServer } from '../../tests/fake-server'
import { renderWithin } from '../../tests/render-app'
import { Panel } from './panel'
import type { Preferences } from './preferences'

let happened: unknown[]
let server: FakeServer

const preferences: Preferences = { scaling: 'resize', quality: 'balanced', sharesClipboard: false }

beforeEach(() => {
  happened = []
  server = new FakeServer()
  const panel = (
    <Panel
      desktop={desktop()}
      keyboard={{ sendKey: (_, code, down) => happened.push(`${down ? '+' : '-'}${code ?? ''}`) }}
      preferences={preferences}
      onChange={(change) => happened.push(change)}
      clipboard={{ text: '', setText: (text) => happened.push(text) }}
      onClose={() => happened.push('closed')}
    />
  )
  renderWithin(
    <MemoryRouter initialEntries={['/desktops/7']}>
      <Routes>
        <Route path="/desktops/7" element={panel} />
        <Route path="/" element={<h1>Home</h1>} />
      </Routes>
    </MemoryRouter>,
  )
})

/** The panel of another desktop, beside. */
function renderPanelOf(different: Partial<Desktop>): void {
  const nothing = () => undefined
  renderWithin(
    <MemoryRouter>
      <Panel
        desktop={desktop(different)}
        keyboard={null}
        preferences={preferences}
        onChange={nothing}
        clipboard={{ text: '', setText: nothing }}
        onClose={nothing}
      />
    </MemoryRouter>,
  )
}

it('has the focus when it opens, and closes by Escape', async () => {
  expect(screen.getByRole('button', { name: 'Close the panel' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  expect(happened).toEqual(['closed'])
})

it.each([
  ['Fit', { scaling: 'fit' }],
  ['1:1', { scaling: 'actual' }],
  ['Sharp', { quality: 'sharp' }],
])('changes the view to %s', async (name, change) => {
  await userEvent.click(screen.getByRole('radio', { name }))
  expect(happened).toEqual([change])
})

it('sends keys that a browser keeps for itself', async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Alt + Tab' }))
  expect(happened).toEqual(['+AltLeft', '+Tab', '-Tab', '-AltLeft'])
})

it('sends what is written to the clipboard', async () => {
  await userEvent.type(screen.getByLabelText('Clipboard of the desktop'), 'x')
  expect(happened).toEqual(['x'])
})

it.each([
  ['in', 'Text can be copied into the desktop, not out of it.', false],
  ['out', 'Text can be copied out of the desktop, not into it.', true],
] as const)('tells that text goes %s only', (clipboard, words, isReadOnly) => {
  renderPanelOf({ clipboard })
  expect(screen.getByText(words)).toBeVisible()
  expect(screen.getAllByLabelText('Clipboard of the desktop').at(-1)).toHaveProperty('readOnly', isReadOnly)
})

it('has no clipboard where none may be used', () => {
  renderPanelOf({ clipboard: 'none' })
  expect(screen.getByText('No text can be copied into the desktop or out of it.')).toBeVisible()
  expect(screen.getAllByLabelText('Clipboard of the desktop')).toHaveLength(1)
})

it('disconnects without stopping', async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  await screen.findByRole('heading', { name: 'Home' })
  expect(screen.getByText(/Work keeps running/)).toBeVisible()
  expect(server.asked).toEqual([])
})

it('stops', async () => {
  server.on('POST /api/v1/desktops/7/stop', { body: desktop({ wanted: 'stopped' }) })
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
  await waitFor(() => {
    expect(server.asked).toEqual(['POST /api/v1/desktops/7/stop'])
  })
})

it('offers no choice of the picture where there is none', () => {
  renderPanelOf({ protocol: 'rdp', name: 'By RDP' })
  expect(screen.getAllByRole('radiogroup', { name: 'Size' })).toHaveLength(2)
  expect(screen.getAllByRole('radiogroup', { name: 'Picture' })).toHaveLength(1)
})
