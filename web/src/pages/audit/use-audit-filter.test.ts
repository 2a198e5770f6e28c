import { expect, it } from 'vitest'
import { exportAddress } from '../../api/audit'
import { questionOf, type AuditFilter } from './use-audit-filter'

const all: AuditFilter = { who: '', did: '', what: '', id: '', from: '', to: '' }

it('asks for everything where nothing is said', () => {
  expect(questionOf(all)).toEqual({})
  expect(exportAddress({})).toBe('/api/v1/audit/export?')
})

it('asks for what the address says', () => {
  const asked = questionOf({ ...all, who: 'gra', did: 'deleted', what: 'desktops', id: '7' })
  expect(asked).toEqual({ actor: 'gra', action: 'deleted', object_kind: 'desktops', object_id: '7' })
  expect(exportAddress(asked)).toBe('/api/v1/audit/export?actor=gra&action=deleted&object_kind=desktops&object_id=7')
})

it('takes days from their beginning to their end, where people are', () => {
  const { from, to } = questionOf({ ...all, from: '2026-01-05', to: '2026-01-05' })
  expect(from).toBe(new Date(2026, 0, 5).toISOString())
  expect(to).toBe(new Date(2026, 0, 6).toISOString())
})

it('leaves out what the address says amiss', () => {
  expect(questionOf({ ...all, did: 'dropped', from: 'yesterday', to: '2026' })).toEqual({})
})
