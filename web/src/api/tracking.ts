import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Tracking = components['schemas']['TrackingOut']
export type TrackingChoice = components['schemas']['TrackingChoiceIn']

const queryKey = ['tracking']

export const trackingQuery = queryOptions({ queryKey, queryFn: () => unwrap(api.GET('/api/v1/tracking')) })

/** Consents or takes that back, leaves applications out, or pauses. */
export function useChooseTracking() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: TrackingChoice) => unwrap(api.PUT('/api/v1/tracking', { body })),
    onSuccess: (tracking) => {
      client.setQueryData<Tracking>(queryKey, tracking)
    },
  })
}

export function useEraseCollected() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/tracking')),
    onSuccess: () => client.invalidateQueries(),
  })
}

/** All that is kept of what one did, as a file. */
export async function fetchCollected(): Promise<File> {
  const kept = await unwrap(api.GET('/api/v1/tracking/export'))
  return new File([JSON.stringify(kept, null, 2)], 'deskbay-about-me.json', { type: 'application/json' })
}
