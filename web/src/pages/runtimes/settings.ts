import { t } from '@lingui/core/macro'
import type { RuntimeKind } from '../../api/runtimes'

export type Shape = 'text' | 'lines' | 'number' | 'flag' | 'choice' | 'list' | 'pairs'

/** A setting of a kind of runtime, as a form asks for it. */
export type Setting = {
  name: string
  label: string
  description: string | undefined
  shape: Shape
  isSecret: boolean
  isRequired: boolean
  standard: unknown
  example: string
  choices: string[]
  least: number | undefined
  most: number | undefined
  step: 'any' | 1
}

type Schema = {
  $ref?: string
  $defs?: Record<string, Schema>
  anyOf?: Schema[]
  allOf?: Schema[]
  type?: string
  title?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  enum?: unknown[]
  const?: unknown
  minimum?: number
  maximum?: number
  writeOnly?: boolean
  lines?: boolean
  properties?: Record<string, Schema>
  required?: string[]
}

/** What a form asks for, made from the JSON schema by which a kind describes its settings. */
export function settingsOf({ settings }: Pick<RuntimeKind, 'settings'>): Setting[] {
  const whole = settings as Schema
  const required = whole.required ?? []
  return Object.entries(whole.properties ?? {}).map(([name, part]) =>
    settingOf(name, resolved(part, whole.$defs ?? {}), required.includes(name)),
  )
}

function settingOf(name: string, schema: Schema, isRequired: boolean): Setting {
  return {
    name,
    label: labelOf(name),
    description: schema.description,
    shape: shapeOf(schema),
    isSecret: schema.writeOnly === true,
    isRequired,
    standard: schema.default,
    example: schema.examples ? written(schema.examples[0]) : '',
    choices: (schema.enum ?? []).map(String),
    least: schema.minimum,
    most: schema.maximum,
    step: schema.type === 'integer' ? 1 : 'any',
  }
}

const references = new Set(['$ref', 'anyOf', 'allOf'])

/** The schema itself, where it is named elsewhere or may be null as well. */
function resolved(schema: Schema, named: Record<string, Schema>): Schema {
  const inner =
    (schema.$ref !== undefined ? named[schema.$ref.replace('#/$defs/', '')] : undefined) ??
    [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].find(({ type }) => type !== 'null')
  if (!inner) return schema
  const outer = Object.fromEntries(Object.entries(schema).filter(([name]) => !references.has(name)))
  return resolved({ ...inner, ...outer }, named)
}

function shapeOf({ type, enum: choices, lines }: Schema): Shape {
  if (choices) return 'choice'
  if (type === 'boolean') return 'flag'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'array') return 'list'
  if (type === 'object') return 'pairs'
  return lines ? 'lines' : 'text'
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

export type Draft = Record<string, string | boolean>

/** The settings as they stand in the fields at first; secrets are never sent to us, so their fields are empty. */
export function draftOf(settings: Setting[], known: Record<string, unknown>): Draft {
  return Object.fromEntries(
    settings.map(({ name, shape, standard, isSecret }): [string, string | boolean] => {
      const value = name in known ? known[name] : standard
      const first = isSecret ? '' : written(value)
      return [name, shape === 'flag' ? value === true : first]
    }),
  )
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).join('\n')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, one]) => `${key}=${written(one)}`)
      .join('\n')
  }
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export type Read = { values: Record<string, unknown>; problems: Record<string, string> }

/** What was typed, as settings. What is left empty is left out: the kind's own default, or the secret it has. */
export function readDraft(settings: Setting[], draft: Draft): Read {
  const read: Read = { values: {}, problems: {} }
  for (const setting of settings) {
    const typed = draft[setting.name] ?? ''
    if (typed === '') continue
    const value = typeof typed === 'boolean' ? typed : readText(setting.shape, typed)
    if (value === null) read.problems[setting.name] = t`Write each line as name=value.`
    else read.values[setting.name] = value
  }
  return read
}

function readText(shape: Shape, typed: string): unknown {
  if (shape === 'number') return Number(typed)
  if (shape === 'list') return linesOf(typed)
  return shape === 'pairs' ? pairsOf(linesOf(typed)) : typed
}

function linesOf(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function pairsOf(lines: string[]): Record<string, string> | null {
  const splits = lines.map((line) => [line, line.indexOf('=')] as const)
  if (splits.some(([, at]) => at < 1)) return null
  return Object.fromEntries(splits.map(([line, at]) => [line.slice(0, at).trim(), line.slice(at + 1)]))
}

/** The setting that a refusal of the server speaks of, with what is wrong about it. */
export function blamed(refusal: string): { name: string; what: string } | null {
  const found = /^settings\.(\w+)[\w.]*: (.*)$/s.exec(refusal)
  return found ? { name: found[1] ?? '', what: found[2] ?? '' } : null
}
