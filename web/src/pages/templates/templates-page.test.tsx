import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { wishOf } from '../../api/templates'
import { grace, person } from '../../tests/examples'
import { group } from '../../tests/groups'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'
import { templateDetails } from '../../tests/templates'

const browser = templateDetails({
  id: 2, slug: 'browser', name: 'Browser', category: 'Browsers', desktops: 3, is_disabled: true,
  is_for_everyone: false, allowed_users: [{ id: 1, username: 'ada' }],
})
const lab = templateDetails({ id: 3, slug: 'lab', name: 'Lab', unavailable_reason: 'Install xfce4.' })

const withTemplates = (...items: ReturnType<typeof templateDetails>[]) =>
  serverOf(grace)
    .on('GET /api/v1/templates/all', { body: { items } })
    .on('GET /api/v1/runtime-kinds', { body: { items: [{ name: 'docker', settings: {} }, { name: 'local', settings: {} }] } })

const shown = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent)

async function sent(server: FakeServer, method: string): Promise<unknown> {
  return server.requests.find((one) => one.method === method)?.json()
}

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

describe('templates', () => {
  it('are for administrators', async () => {
    renderApp('/templates', serverOfAda())
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  })

  it('stand on shelves, with how it is with them, and for whom they are', async () => {
    renderApp('/templates', withTemplates(templateDetails(), browser, lab))
    const desktops = within(await screen.findByRole('table', { name: 'Desktops' }))
    expect(desktops.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual(['Desktop', 'Lab'])
    expect(desktops.getByText('Not available').closest('td')).toHaveAttribute('title', 'Install xfce4.')
    const row = within(screen.getByRole('row', { name: /Browser/ }))
    expect(row.getAllByRole('cell').slice(0, 4).map(({ textContent }) => textContent)).toEqual([
      'Disabled', '2 GB · 2 processors', 'ada', '3',
    ])
  })

  it('are found by words', async () => {
    renderApp('/templates', withTemplates(templateDetails(), browser, lab))
    await screen.findByRole('link', { name: 'Lab' })
    await userEvent.keyboard('/brow')
    await waitFor(() => {
      expect(shown()).toEqual(['Browser'])
    })
    expect(screen.queryByRole('button', { name: /Move/ })).not.toBeInTheDocument()
  })

  it('are put into another order within their category, and categories too', async () => {
    const server = withTemplates(templateDetails(), browser, lab).on('PUT /api/v1/templates/order', { status: 204 })
    renderApp('/templates', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Move Lab up' }))
    await expect(sent(server, 'PUT')).resolves.toEqual({ ids: [3, 1, 2] })
    expect(screen.getByRole('button', { name: 'Move Desktop up' })).toBeDisabled()
    expect(screen.getByRole('button', { name: 'Move the category Desktops up' })).toBeDisabled()
  })

  it('are disabled without a question, and offered again', async () => {
    const server = withTemplates(templateDetails()).on('PUT /api/v1/templates/1', { body: templateDetails() })
    renderApp('/templates', server)
    await choose('Desktop', 'Disable')
    expect(await screen.findByText(/Desktop is not launched any more; its desktops go on\./)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Offer it again' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/templates/1')).toBe(2)
    })
    const wishes = server.requests.filter(({ method }) => method === 'PUT').map((one) => one.json())
    expect((await Promise.all(wishes)) as unknown[]).toMatchObject([{ is_disabled: true }, { is_disabled: false }])
  })

  it('are deleted only by one who types the name, and say why not', async () => {
    const why = '3 desktops are made of “Browser”.'
    renderApp('/templates', withTemplates(browser).on('DELETE /api/v1/templates/2', { status: 409, body: why }))
    await choose('Browser', 'Delete…')
    await userEvent.type(await screen.findByLabelText('Type “Browser” to delete it'), 'Browser{Enter}')
    expect(await screen.findByText(why)).toBeVisible()
  })

  it('are copied, and the copy is edited', async () => {
    const copy = templateDetails({ id: 9, name: 'Desktop copy', is_disabled: true })
    const server = withTemplates(templateDetails()).on('POST /api/v1/templates/1/clone', () => {
      server.on('GET /api/v1/templates/all', { body: { items: [templateDetails(), copy] } })
      return { status: 201, body: copy }
    })
    renderApp('/templates', server)
    await choose('Desktop', 'Copy and edit')
    expect(await screen.findByRole('heading', { name: 'Edit Desktop copy' })).toBeVisible()
  })
})

describe('a template', () => {
  it('that is not there is not found', async () => {
    renderApp('/templates/99', withTemplates(lab))
    expect(await screen.findByRole('heading', { name: 'There is no such template' })).toBeVisible()
  })

  it('is made, and previewed as people will see it', async () => {
    const server = withTemplates(lab).on('POST /api/v1/templates', { status: 201, body: lab })
    renderApp('/templates/new', server)
    await userEvent.type(await screen.findByRole('textbox', { name: /^Name/ }), 'Chemistry')
    const memory = screen.getByRole('spinbutton', { name: /^Memory/ })
    await userEvent.clear(memory)
    await userEvent.type(memory, '3072')
    const preview = within(screen.getByRole('complementary', { name: 'Preview' }))
    expect(preview.getByRole('heading', { name: 'Chemistry' })).toBeVisible()
    expect(preview.getByText('2 processors · 3 GB · internet')).toBeVisible()
    await userEvent.click(screen.getByRole('radio', { name: 'flask' }))
    await userEvent.type(screen.getByLabelText(/nobody uses it for/), '90')
    await userEvent.type(screen.getByLabelText('Variables'), 'COURSE=one')
    await userEvent.click(screen.getByRole('button', { name: 'Add the template' }))
    expect(await screen.findByText('Lab is in the gallery.')).toBeVisible()
    await expect(sent(server, 'POST')).resolves.toMatchObject({
      name: 'Chemistry', icon: 'flask', memory_mb: 3072, idle_limit_seconds: 5400, lifetime_seconds: null,
      environment: { COURSE: 'one' }, is_for_everyone: true,
    })
  })

  it('is changed: what is not touched stays as it was', async () => {
    const whole = templateDetails({ id: 2, name: 'Box', runtime: 'docker', image: 'lab/box', labels: ['gpu'], environment: { A: 'b' } })
    const server = withTemplates(whole).on('PUT /api/v1/templates/2', { status: 422, body: 'There is no user 1.' })
    renderApp('/templates/2', server)
    await userEvent.type(await screen.findByRole('textbox', { name: /^Name/ }), ' 2')
    expect(screen.getByRole('textbox', { name: /^Image/ })).toHaveValue('lab/box')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no user 1.')
    await expect(sent(server, 'PUT')).resolves.toEqual({ ...wishOf(whole), name: 'Box 2' })
    expect(screen.getByRole('textbox', { name: /^Name/ })).toHaveValue('Box 2')
  })

  it('says what may be copied, and whether it is recorded', async () => {
    const server = withTemplates(templateDetails())
    renderApp('/templates/1', server.on('PUT /api/v1/templates/1', { body: templateDetails() }))
    await userEvent.selectOptions(await screen.findByLabelText('Copying text by the clipboard'), 'Only out of the desktop')
    expect(screen.getByText('Text can be copied out of the desktop, not into it.')).toBeVisible()
    await userEvent.click(screen.getByLabelText('Record what its desktops show'))
    expect(screen.getByText('What it shows is recorded, for administrators to play.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await sent(server, 'PUT')).toMatchObject({ clipboard: 'out', is_recorded: true })
  })

  it('is for people and groups who are searched and ticked', async () => {
    const server = withTemplates(browser)
      .on('GET /api/v1/groups', { body: { items: [group()], next_cursor: null, total: 1 } })
      .on('GET /api/v1/users', { body: { items: [person({ id: 5, username: 'eve', full_name: null })], next_cursor: null } })
      .on('PUT /api/v1/templates/2', { body: browser })
    renderApp('/templates/2', server)
    expect(await screen.findByRole('checkbox', { name: 'ada' })).toBeChecked()
    await userEvent.click(await screen.findByRole('checkbox', { name: 'eve' }))
    await userEvent.click(screen.getByRole('checkbox', { name: 'ada' }))
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Class 7b' }))
    const everyone = screen.getByRole('checkbox', { name: 'Everyone' })
    await userEvent.click(everyone)
    expect(screen.queryByRole('checkbox', { name: 'eve' })).not.toBeInTheDocument()
    await userEvent.click(everyone)
    expect(screen.getByRole('checkbox', { name: 'eve' })).toBeChecked()
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/templates/2')).toBe(1)
    })
    await expect(sent(server, 'PUT')).resolves.toMatchObject({ is_for_everyone: false, allowed_users: [5], allowed_groups: [3] })
  })

  it('is not saved with a line that is no variable', async () => {
    const server = withTemplates(lab)
    renderApp('/templates/3', server)
    await userEvent.type(await screen.findByLabelText('Variables'), 'COURSE')
    expect(screen.getByText(/is no variable/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(server.times('PUT /api/v1/templates/3')).toBe(0)
  })
})
