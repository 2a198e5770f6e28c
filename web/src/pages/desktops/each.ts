import { plural, t } from '@lingui/core/macro'
import type { Desktop } from '../../api/client'
import { messageOf } from '../../api/problem'
import { showDone, showProblem } from '../../components/notices'

/** Does something to each desktop, one after the other, and tells how many it was done to and why not to the rest. */
export async function doToEach(
  desktops: Desktop[],
  act: (desktop: Desktop) => Promise<unknown>,
  done: (names: string, number: number) => string,
): Promise<void> {
  const refusals: unknown[] = []
  for (const desktop of desktops) {
    await act(desktop).catch((error: unknown) => refusals.push(error))
  }
  const succeeded = desktops.length - refusals.length
  if (succeeded > 0) showDone(done(namesOf(desktops, succeeded), succeeded))
  if (refusals.length > 0) showProblem(new Error(refusalOf(refusals, desktops.length)))
}

function refusalOf(refusals: unknown[], asked: number): string {
  const why = messageOf(refusals[0])
  return asked === 1 ? why : t`Not done to ${refusals.length} of ${asked}: ${why}`
}

/** "Work", "3 desktops" */
export function namesOf(desktops: Desktop[], number = desktops.length): string {
  const [first, ...others] = desktops
  return first && others.length === 0 ? first.name : plural(number, { one: '# desktop', other: '# desktops' })
}
