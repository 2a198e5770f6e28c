import { queryOptions } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Setting = components['schemas']['SettingOut']

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/settings'))).items,
})
