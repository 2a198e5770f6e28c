import type { Template } from '../../api/client'

/** The category of all templates. */
export const everything = 'All'

export function categoriesOf(templates: Template[]): string[] {
  return [...new Set(templates.map(({ category }) => category))].sort((one, other) => one.localeCompare(other))
}

/** Templates of a category that have each of the words somewhere. */
export function matching(templates: Template[], category: string, text: string): Template[] {
  const words = text.toLowerCase().split(/\s+/)
  return templates.filter((template) => {
    const described = `${template.name} ${template.description} ${template.category} ${template.slug}`.toLowerCase()
    return (category === everything || template.category === category) && words.every((word) => described.includes(word))
  })
}
