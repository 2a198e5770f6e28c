import type { TemplateDetails } from '../../api/templates'

export type Shelf = { category: string; templates: TemplateDetails[] }

/** The templates by category, in the order of the gallery. */
export function shelvesOf(templates: TemplateDetails[]): Shelf[] {
  const categories = [...new Set(templates.map(({ category }) => category))]
  return categories.map((category) => ({
    category,
    templates: templates.filter((template) => template.category === category),
  }))
}

/** The ids of all templates once one of a category has moved up (-1) or down (1) in it. */
export function moved(shelves: Shelf[], id: number, by: -1 | 1): number[] {
  return shelves.flatMap(({ templates }) => swapped(templates.map((template) => template.id), id, by))
}

/** The same once a whole category has moved. */
export function movedCategory(shelves: Shelf[], category: string, by: -1 | 1): number[] {
  const names = swapped(shelves.map((shelf) => shelf.category), category, by)
  return names.flatMap(
    (name) => shelves.find((shelf) => shelf.category === name)?.templates.map(({ id }) => id) ?? [],
  )
}

function swapped<T>(items: T[], moving: T, by: -1 | 1): T[] {
  const from = items.indexOf(moving)
  const to = from + by
  if (from < 0 || to < 0 || to >= items.length) return items
  return items.map((item, index) => items[index === from ? to : index === to ? from : index] ?? item)
}
