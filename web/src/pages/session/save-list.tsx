import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useReturn, type Save, type Session } from '../../api/sessions'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { RelativeTime } from '../../components/relative-time'
import { RestoreDialog } from '../../components/session/restore-dialog'
import { countOf } from '../../components/session/restore-looks'
import { exact } from '../../components/time'
import classes from './session.module.css'

const reasons = inOwnLanguage((): Record<Save['reason'], string> => ({
  saved: t`Saved`,
  deactivated: t`When it ended`,
  cloned: t`Cloned`,
  returned: t`Gone back to`,
  imported: t`Imported`,
}))

type Props = { session: Session; saves: Save[]; shownId: number; onShow: (id: number) => void }

/** Every save, newest first: look at it, bring it back, or go back to it. */
export function SaveList({ session, saves, shownId, onShow }: Props) {
  const [restoring, setRestoring] = useState<Save | null>(null)
  return (
    <>
      <ol className={classes.saves}>
        {saves.map((save, index) => (
          <li key={save.id} aria-current={save.id === shownId || undefined}>
            <div>
              <strong>{reasons()[save.reason]}</strong> <RelativeTime at={save.saved_at} />
              <div className={classes.soft}>
                {exact(save.saved_at)} · {countOf(save.applications)}
              </div>
            </div>
            <div className={classes.tools}>
              <Button
                variant="default"
                size="xs"
                disabled={save.id === shownId}
                aria-label={save.id === shownId ? t`Shown: the save of ${exact(save.saved_at)}` : t`Show the save of ${exact(save.saved_at)}`}
                onClick={() => {
                  onShow(save.id)
                }}
              >
                {save.id === shownId ? t`Shown` : t`Show`}
              </Button>
              {session.deleted_at === null && (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t`Restore the save of ${exact(save.saved_at)}`}
                  onClick={() => {
                    setRestoring(save)
                  }}
                >
                  {t`Restore…`}
                </Button>
              )}
              {session.deleted_at === null && index > 0 && <GoBack session={session} save={save} newest={saves[0]} />}
            </div>
          </li>
        ))}
      </ol>
      {restoring && (
        <RestoreDialog
          session={session}
          saveId={restoring.id}
          onClose={() => {
            setRestoring(null)
          }}
        />
      )}
    </>
  )
}

type GoBackProps = { session: Session; save: Save; newest: Save | undefined }

/** Has the session be as it was then; what was newest stays among the saves, so this can be undone. */
function GoBack({ session: { id, name }, save, newest }: GoBackProps) {
  const goBack = useReturn()
  const undo = () => {
    if (newest) goBack.mutateAsync({ id, save_id: newest.id }).catch(showProblem)
  }
  return (
    <Button
      variant="default"
      size="xs"
      loading={goBack.isPending}
      aria-label={t`Go back to the save of ${exact(save.saved_at)}`}
      onClick={() => {
        goBack.mutateAsync({ id, save_id: save.id }).then(() => {
          showDone(t`${name} is as it was then.`, { label: t`Undo`, run: undo })
        }, showProblem)
      }}
    >
      {t`Go back`}
    </Button>
  )
}
