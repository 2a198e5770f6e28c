import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../../components/own-language'

/** Guacamole's status codes of what keeps a desktop from being shown, in words that say what to do. */
const reasons = inOwnLanguage(() => new Map([
  [0x0100, t`The desktop asks for something that guacd can’t do. An administrator finds more in guacd’s log.`],
  [0x0200, t`guacd met an error of its own. An administrator finds more in its log.`],
  [0x0201, t`guacd has too much to do just now.`],
  [0x0202, t`The desktop takes too long to answer. It may still be starting.`],
  [0x0203, t`The desktop ended the connection with an error. It may speak another protocol than its template says.`],
  [0x0207, t`Nothing answers at the desktop’s address. It may still be starting, or its program for remote access is not running.`],
  [0x0208, t`The desktop takes no connection just now. It may be full, or still be starting.`],
  [0x0209, t`Somebody else has opened this desktop, and it shows itself to one at a time.`],
  [0x020a, t`The desktop closed the session, since nothing was done in it for long.`],
  [0x020b, t`The session in the desktop was ended: you signed out of it, or somebody ended it.`],
  [0x0301, t`The desktop does not take the name or the password that its template has. Ask an administrator to correct them.`],
  [0x0303, t`The desktop does not let the account in that its template has. Ask an administrator to allow it there.`],
]))

/** With these, trying again by itself would only lock the account in the desktop. */
const refusals = [0x0301, 0x0303]

export type Trouble = { reason: string; isFinal: boolean }

/** What a status of guacd's means to a person; null for one that says no more than that the connection is lost. */
export function troubleOf(code: number): Trouble | null {
  const reason = reasons().get(code)
  return reason ? { reason, isFinal: refusals.includes(code) } : null
}
