import { screen } from '@testing-library/react'
import { useState } from 'react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { renderWithin } from '../../tests/render-app'
import { RecordedSign, useEver } from './recorded-sign'

function Switched() {
  const [isRecorded, setIsRecorded] = useState(false)
  const wasEver = useEver(isRecorded)
  return (
    <>
      <button
        onClick={() => {
          setIsRecorded(!isRecorded)
        }}
      >
        Switch
      </button>
      {wasEver && <RecordedSign />}
    </>
  )
}

it('comes with recording, and stays once it was there: the connection may be recorded still', async () => {
  renderWithin(<Switched />)
  expect(screen.queryByText('Recorded')).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Switch' }))
  expect(screen.getByRole('status')).toHaveTextContent('Recorded')
  await userEvent.click(screen.getByRole('button', { name: 'Switch' }))
  expect(screen.getByText('Recorded')).toBeVisible()
})
