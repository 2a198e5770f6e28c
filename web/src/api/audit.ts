import { infiniteQueryOptions } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components, operations } from './schema'

export type AuditEntry = components['schemas']['AuditEntryOut']
export type HistoryEntry = components['schemas']['HistoryEntry']
export type Action = components['schemas']['Action']
export type Values = HistoryEntry['after']
export type AuditQuestion = NonNullable<operations['export_audit']['parameters']['query']>

const next = ({ next_cursor }: { next_cursor: number | null }) => next_cursor

/** Who did what, newest first. */
export const auditQuery = (question: AuditQuestion) =>
  infiniteQueryOptions({
    queryKey: ['audit', question],
    queryFn: ({ pageParam: cursor }) => unwrap(api.GET('/api/v1/audit', { params: { query: { ...question, cursor } } })),
    initialPageParam: null as number | null,
    getNextPageParam: next,
  })

/** What others did to or with one's things, newest first. */
export const ownHistoryQuery = infiniteQueryOptions({
  queryKey: ['history'],
  queryFn: ({ pageParam: cursor }) => unwrap(api.GET('/api/v1/history', { params: { query: { cursor } } })),
  initialPageParam: null as number | null,
  getNextPageParam: next,
})

/** Where the same is had as JSON lines. */
export function exportAddress(question: AuditQuestion): string {
  const told = Object.entries(question).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return `/api/v1/audit/export?${new URLSearchParams(told).toString()}`
}
