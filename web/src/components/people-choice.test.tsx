import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { person } from '../tests/examples'
import { FakeServer } from '../tests/fake-server'
import { renderWithin } from '../tests/render-app'
import { PeopleChoice, type Named } from './people-choice'

const bob = person({ id: 3, username: 'bob', full_name: 'Bob Ross' })
const eve = person({ id: 4, username: 'eve', full_name: null })
const listUsers = 'GET /api/v1/users'

function serverOfPeople(): FakeServer {
  return new FakeServer().on(listUsers, ({ url }) => {
    const search = new URL(url).searchParams.get('search') ?? ''
    return { body: { items: [bob, eve].filter(({ username }) => username.includes(search)), next_cursor: null } }
  })
}

function Choice() {
  const [chosen, setChosen] = useState<Named[]>([])
  return (
    <>
      <PeopleChoice label="People" chosen={chosen} onChange={setChosen} />
      <output>{chosen.map(({ username }) => username).join(' ')}</output>
    </>
  )
}

const search = (words: string) => userEvent.type(screen.getByRole('searchbox', { name: 'People' }), words)
const listed = () => within(screen.getByRole('list', { name: 'People' })).getAllByRole('listitem').map((item) => item.textContent)

describe('people', () => {
  it('are ticked, and stay on top whatever is searched next', async () => {
    serverOfPeople()
    renderWithin(<Choice />)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'eve' }))
    expect(listed()).toEqual(['eve', 'Bob Ross (bob)'])
    await search('zoe')
    await waitFor(() => {
      expect(listed()).toEqual(['eve'])
    })
    expect(screen.getByRole('status')).toHaveTextContent('eve')
  })

  it('are all chosen at once, and taken away one by one', async () => {
    serverOfPeople()
    renderWithin(<Choice />)
    await userEvent.click(await screen.findByRole('button', { name: 'Choose these 2' }))
    expect(screen.getByRole('status')).toHaveTextContent('bob eve')
    await userEvent.click(screen.getByRole('checkbox', { name: 'Bob Ross (bob)' }))
    expect(screen.getByRole('status')).toHaveTextContent(/^eve$/)
  })

  it('are said to be none where nobody is called that', async () => {
    serverOfPeople()
    renderWithin(<Choice />)
    await search('zoe')
    expect(await screen.findByText('Nobody is called that.')).toBeVisible()
    expect(screen.queryByRole('button', { name: /^Choose these/ })).not.toBeInTheDocument()
  })

  it('are searched without sending the form that asks for them', async () => {
    serverOfPeople()
    const submit = vi.fn()
    renderWithin(
      <form onSubmit={submit}>
        <Choice />
      </form>,
    )
    await search('bob{Enter}')
    expect(await screen.findByRole('checkbox', { name: 'Bob Ross (bob)' })).toBeVisible()
    expect(submit).not.toHaveBeenCalled()
  })

  it('cannot be searched, and why, is told', async () => {
    new FakeServer().on(listUsers, { status: 403, body: 'Only administrators see everyone.' })
    renderWithin(<Choice />)
    expect(await screen.findByRole('alert')).toHaveTextContent('Only administrators see everyone.')
  })
})
