import { t } from '@lingui/core/macro'
import { SessionChoice } from '../../components/session/session-choice'
import type { FieldsProps } from './editor'

export type Begun = { session_id: number | null; session: string | null }

/** With which session its desktops begin. `first` is the one that is set, maybe another administrator's. */
export function Beginning({ wish, first, onChange }: FieldsProps & { first: Begun }) {
  const { session_id, session } = first
  return (
    <SessionChoice
      label={t`Begins with a session`}
      description={t`Whoever launches it gets a copy of their own and goes on with that, unless they choose another.`}
      chosen={wish.session_id ?? null}
      onChoose={(id) => {
        onChange({ session_id: id })
      }}
      others={session_id !== null && session !== null ? { id: session_id, name: session } : null}
    />
  )
}
