import { t } from '@lingui/core/macro'
import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { restoreQuery, type Restore } from '../../api/restores'
import { RestoreProgress } from '../../components/session/restore-progress'
import classes from './returning.module.css'

/** How far the session is that comes back in a desktop; it goes when all is there, or when one closes it. */
export function Returning({ run }: { run: string }) {
  const { data: restore } = useQuery(restoreQuery(run))
  const [isClosed, setClosed] = useState(false)
  const [wasGoingOn, setGoingOn] = useState(false)
  if (restore && restore.state !== 'finished' && !wasGoingOn) setGoingOn(true)
  // What was over when one came is history.
  if (!restore || isClosed || !wasGoingOn || isBack(restore)) return null
  return (
    <section className={classes.card} aria-labelledby="returning">
      <header>
        <h2 id="returning">{t`Restoring your session`}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t`Close the progress`}
          onClick={() => {
            setClosed(true)
          }}
        >
          <IconX size={18} aria-hidden="true" />
        </ActionIcon>
      </header>
      <RestoreProgress restore={restore} />
    </section>
  )
}

function isBack({ state, applications }: Restore): boolean {
  return state === 'finished' && applications.every((one) => one.state === 'placed' || one.state === 'already-running')
}
