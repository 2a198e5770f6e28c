import { t } from '@lingui/core/macro'
import { useActivate, useDeactivate, useSave, useTakeBack, useThrowAway, useTrack, type Session } from '../../api/sessions'
import { showDone, showProblem } from '../notices'

/** What can be done with a session at once, without a question; each tells when it is done, or why not. */
export function useSessionActions(session: Session) {
  const { id, name } = session
  const save = useSave()
  const activate = useActivate()
  const deactivate = useDeactivate()
  const track = useTrack()
  const throwAway = useThrowAway()
  const takeBack = useTakeBack()
  const putBack = () => {
    takeBack.mutateAsync(id).then(() => {
      showDone(t`${name} is back.`)
    }, showProblem)
  }
  return {
    isSaving: save.isPending,
    isPuttingBack: takeBack.isPending,
    save: () => {
      save.mutateAsync(id).then(() => {
        showDone(t`${name} is saved.`)
      }, showProblem)
    },
    activate: () => {
      activate.mutateAsync(id).then(({ device }) => {
        showDone(t`${name} is active on ${device.name}.`)
      }, showProblem)
    },
    deactivate: (save_usage: boolean) => {
      deactivate.mutateAsync({ id, save_usage }).then(() => {
        showDone(save_usage ? t`${name} has ended, and is saved.` : t`${name} has ended, without its usage.`)
      }, showProblem)
    },
    track: (enabled: boolean) => {
      track.mutateAsync({ id, enabled }).then(() => {
        showDone(enabled ? t`${name} counts its usage.` : t`${name} counts no usage any more.`)
      }, showProblem)
    },
    throwAway: () => {
      throwAway.mutateAsync({ id, for_good: false }).then(() => {
        showDone(t`${name} is in the trash.`, { label: t`Undo`, run: putBack })
      }, showProblem)
    },
    putBack,
  }
}
