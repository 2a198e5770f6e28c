import { describe, expect, it } from 'vitest'
import type { RuntimeKind } from '../../api/runtimes'
import { blamed, draftOf, readDraft, settingsOf } from './settings'

const shed: RuntimeKind = {
  makes_spares: false,
  name: 'shed',
  settings: {
    $defs: { Door: { enum: ['left', 'right'], type: 'string', description: 'Names of doors' } },
    required: ['host', 'key', 'door'],
    properties: {
      host: { type: 'string', description: 'Where it stands', examples: ['shed.example.org'] },
      port: { type: 'integer', default: 22, minimum: 1, maximum: 65535 },
      share: { type: 'number', default: 0.5 },
      key: { type: 'string', format: 'password', writeOnly: true, lines: true },
      word: { anyOf: [{ type: 'string', writeOnly: true }, { type: 'null' }], default: null },
      door: { $ref: '#/$defs/Door', description: 'By which one comes in' },
      back_door: { anyOf: [{ $ref: '#/$defs/Door' }, { type: 'null' }], default: null },
      checks_host: { type: 'boolean', default: true },
      hosts: { type: 'array', items: { type: 'string' }, default: ['a', 'b'] },
      selector: { type: 'object', additionalProperties: { type: 'string' }, default: { disk: 'fast' } },
    },
  },
}
const settings = settingsOf(shed)
const setting = (name: string) => settings.find((one) => one.name === name)

describe('the settings of a kind', () => {
  it('have the shape that their schema says, also where it is named elsewhere or may be null', () => {
    expect(Object.fromEntries(settings.map(({ name, shape }) => [name, shape]))).toEqual({
      host: 'text', port: 'number', share: 'number', key: 'lines', word: 'text', door: 'choice', back_door: 'choice',
      checks_host: 'flag', hosts: 'list', selector: 'pairs',
    })
    expect(settings.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(['key', 'word'])
    expect(settings.filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual(['host', 'key', 'door'])
    expect(setting('port')).toMatchObject({ label: 'Port', least: 1, most: 65535, step: 1 })
    expect(setting('share')?.step).toBe('any')
    expect(setting('door')).toMatchObject({ choices: ['left', 'right'], description: 'By which one comes in' })
    expect(setting('back_door')).toMatchObject({ label: 'Back door', description: 'Names of doors' })
    expect(setting('host')?.example).toBe('shed.example.org')
  })

  it('of a kind that asks for nothing are none', () => {
    expect(settingsOf({ settings: { type: 'object', properties: {} } })).toEqual([])
    expect(settingsOf({ settings: {} })).toEqual([])
  })

  it('stand in the fields as they are, but secrets, which nobody sends', () => {
    const known = { host: 'one', port: 2222, key: '**********', checks_host: false, selector: { 'a/b': 'c=d' } }
    expect(draftOf(settings, known)).toEqual({
      host: 'one', port: '2222', share: '0.5', key: '', word: '', door: '', back_door: '', checks_host: false,
      hosts: 'a\nb', selector: 'a/b=c=d',
    })
  })

  it('are read as they were written; what is empty is left out', () => {
    const known = { host: 'one', port: 2222, door: 'left', checks_host: false, hosts: ['c'], selector: { 'a/b': 'c=d' } }
    expect(readDraft(settings, draftOf(settings, known))).toEqual({ values: { ...known, share: 0.5 }, problems: {} })
    const secret = { ...draftOf(settings, known), key: 'line 1\nline 2\n', hosts: ' a \n\nb ' }
    expect(readDraft(settings, secret).values).toMatchObject({ key: 'line 1\nline 2\n', hosts: ['a', 'b'] })
  })

  it.each(['nonsense', '=value', 'a=b\nc'])('are not read from %j where names and values are asked for', (typed) => {
    const { values, problems } = readDraft(settings, { selector: typed })
    expect(values).not.toHaveProperty('selector')
    expect(problems).toEqual({ selector: 'Write each line as name=value.' })
  })
})

it.each([
  ['settings.socket: the path of a socket begins with /', { name: 'socket', what: 'the path of a socket begins with /' }],
  ['settings.hosts.0: too long', { name: 'hosts', what: 'too long' }],
  ['There is a runtime “local” already. Choose another name.', null],
])('finds the setting that is blamed in %j', (refusal, found) => {
  expect(blamed(refusal)).toEqual(found)
})
