import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { idsOf } from './ids-of'
import { unwrap } from './problem'
import type { components } from './schema'

export type TemplateDetails = components['schemas']['TemplateDetails']
export type TemplateWish = components['schemas']['TemplateIn']

const at = (id: number) => ({ params: { path: { template_id: id } } })

/** Every template, as administrators see it, in the order of the gallery. */
export const allTemplatesQuery = queryOptions({
  queryKey: ['templates', 'all'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/templates/all'))).items,
})

/** Makes a template, or changes the one of this id. */
export function useSaveTemplate() {
  return useTemplateChange(({ id, wish }: { id: number | null; wish: TemplateWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/templates', { body: wish }))
      : unwrap(api.PUT('/api/v1/templates/{template_id}', { ...at(id), body: wish })),
  )
}

export function useCloneTemplate() {
  return useTemplateChange((id: number) => unwrap(api.POST('/api/v1/templates/{template_id}/clone', at(id))))
}

export function useDeleteTemplate() {
  return useTemplateChange((id: number) => unwrap(api.DELETE('/api/v1/templates/{template_id}', at(id))))
}

export function useOrderTemplates() {
  return useTemplateChange((ids: number[]) => unwrap(api.PUT('/api/v1/templates/order', { body: { ids } })))
}

/** Marks a template as a favourite, or takes the mark away. */
export function useMark() {
  return useTemplateChange(({ id, isFavourite }: { id: number; isFavourite: boolean }) =>
    isFavourite
      ? unwrap(api.PUT('/api/v1/templates/{template_id}/favourite', at(id)))
      : unwrap(api.DELETE('/api/v1/templates/{template_id}/favourite', at(id))),
  )
}

const notWished = new Set([
  'id', 'slug', 'desktops', 'unavailable_reason', 'has_password', 'session', 'spares_ready', 'spare_trouble',
])

/** What a template is, as it would be wished for. */
export function wishOf(template: TemplateDetails): TemplateWish {
  const wish = Object.fromEntries(Object.entries(template).filter(([name]) => !notWished.has(name)))
  const { allowed_users, allowed_groups } = template
  return { ...wish, allowed_users: idsOf(allowed_users), allowed_groups: idsOf(allowed_groups) } as TemplateWish
}

function useTemplateChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['templates'] }),
  })
}
