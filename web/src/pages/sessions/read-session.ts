import { t } from '@lingui/core/macro'
import type { ExportedSession } from '../../api/sessions'
import { inOwnLanguage } from '../../components/own-language'

export const notASession = inOwnLanguage(() => t`This is no file of a session. Choose one that was exported from a session’s page.`)

/** The session in a file's text, as far as one can tell here: the server looks at all of it. */
export function readSession(text: string): ExportedSession | null {
  try {
    const read = JSON.parse(text) as Partial<ExportedSession> | null
    const isOne = typeof read?.name === 'string' && Array.isArray(read.saves) && read.saves.every(hasApplications)
    return isOne ? (read as ExportedSession) : null
  } catch {
    return null
  }
}

function hasApplications(save: Partial<ExportedSession['saves'][number]> | null): boolean {
  return Array.isArray(save?.snapshot?.applications)
}
