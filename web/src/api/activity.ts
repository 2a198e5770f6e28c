import { t } from '@lingui/core/macro'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, fetchSignedIn } from './client'
import { Problem, unreachable, unwrap } from './problem'
import type { components, operations } from './schema'

export type Report = components['schemas']['Report']
export type Row = components['schemas']['Row']
export type By = components['schemas']['By']
export type Period = components['schemas']['Period']
export type Piece = components['schemas']['TimelinePiece']
export type HoursQuestion = NonNullable<operations['report_hours']['parameters']['query']>

/** Numbers of today grow while one looks at them. */
const freshFor = 60_000

export const hoursQuery = (question: HoursQuestion) =>
  queryOptions({
    queryKey: ['hours', question],
    queryFn: () => unwrap(api.GET('/api/v1/reports/hours', { params: { query: question } })),
    placeholderData: keepPreviousData,
    staleTime: freshFor,
  })

type TimelineQuestion = { user_id: number; from: string; to: string; zone: string }

export const timelineQuery = (question: TimelineQuestion) =>
  queryOptions({
    queryKey: ['timeline', question],
    queryFn: async () => (await unwrap(api.GET('/api/v1/activity', { params: { query: question } }))).items,
    placeholderData: keepPreviousData,
    staleTime: freshFor,
  })

/** Erases who a person was and where they sat. */
export function useErase() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (user_id: number) =>
      unwrap(api.DELETE('/api/v1/users/{user_id}/activity', { params: { path: { user_id } } })),
    onSuccess: () => client.invalidateQueries(),
  })
}

export type FileKind = 'csv' | 'json'

/** A report as a file, under the name that it is to be saved by. */
export async function fetchReport(question: HoursQuestion, kind: FileKind): Promise<File> {
  const path = kind === 'csv' ? '/api/v1/reports/hours.csv' : '/api/v1/reports/hours'
  const address = new URL(path, window.location.origin)
  for (const [name, value] of Object.entries(question)) address.searchParams.set(name, String(value))
  const response = await fetchSignedIn(new Request(address)).catch(() => {
    throw new Problem(0, unreachable())
  })
  if (!response.ok) throw new Problem(response.status, t`The report could not be exported. Please try again.`)
  return new File([await response.blob()], `hours-by-${question.by ?? 'user'}-${question.from}-${question.to}.${kind}`)
}
