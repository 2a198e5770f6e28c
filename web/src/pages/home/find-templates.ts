import { t } from '@lingui/core/macro'
import type { Template } from '../../api/client'
import { inOwnLanguage } from '../../components/own-language'

/** A part of the gallery: all of it, what a person marked or launched, or a category. */
export type Shelf = { key: string; name: string }

export const everything = inOwnLanguage((): Shelf => ({ key: 'all', name: t`All` }))
const favourites = inOwnLanguage((): Shelf => ({ key: 'favourites', name: t`Favourites` }))
const recent = inOwnLanguage((): Shelf => ({ key: 'recent', name: t`Recent` }))

/** The parts that have something in them, categories in the order of their first templates. */
export function shelvesOf(templates: Template[]): Shelf[] {
  const categories = [...new Set(templates.map(({ category }) => category))]
  return [
    everything(),
    ...(templates.some(({ is_favourite }) => is_favourite) ? [favourites()] : []),
    ...(templates.some(({ last_launch }) => last_launch) ? [recent()] : []),
    ...(categories.length > 1 ? categories.map((name) => ({ key: `category ${name}`, name })) : []),
  ]
}

/** Templates of a shelf that have each of the words somewhere. */
export function matching(templates: Template[], shelf: string, text: string): Template[] {
  const words = text.toLowerCase().split(/\s+/)
  return onShelf(templates, shelf).filter((template) => {
    const described = `${template.name} ${template.description} ${template.category} ${template.slug}`.toLowerCase()
    return words.every((word) => described.includes(word))
  })
}

function onShelf(templates: Template[], shelf: string): Template[] {
  if (shelf === everything().key) return templates
  if (shelf === favourites().key) return templates.filter(({ is_favourite }) => is_favourite)
  if (shelf === recent().key) return newestFirst(templates)
  return templates.filter(({ category }) => shelf === `category ${category}`)
}

function newestFirst(templates: Template[]): Template[] {
  const launchedAt = ({ last_launch }: Template) => (last_launch ? Date.parse(last_launch.at) : 0)
  return templates
    .filter(({ last_launch }) => last_launch)
    .sort((one, other) => launchedAt(other) - launchedAt(one))
}
