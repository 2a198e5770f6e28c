import { plural, t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { ownRecordingsQuery, type Recording } from '../../api/recordings'
import { RelativeTime } from '../../components/relative-time'
import { Looks } from '../recordings/looks'
import { lengthOf, timecode } from '../recordings/words'
import classes from './my-devices.module.css'

/** That one's desktops were recorded, and who was given that; nothing where none was. */
export function OwnRecordings() {
  const { data } = useQuery(ownRecordingsQuery)
  if (!data || data.items.length === 0) return null
  return (
    <section className={classes.collected} id="recordings" aria-labelledby="recordings-title">
      <h2 id="recordings-title">{t`Recordings of my desktops`}</h2>
      <div className={classes.panel}>
        <p>
          {t`Administrators can play what these desktops showed.`}{' '}
          {data.kept_days &&
            plural(data.kept_days, {
              one: 'Each recording is deleted # day after it ended.',
              other: 'Each recording is deleted # days after it ended.',
            })}
        </p>
        <ul className={classes.recordings}>
          {data.items.map((recording) => (
            <li key={recording.id}>
              <Told recording={recording} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function Told({ recording }: { recording: Recording }) {
  const { desktop, owner, viewer, began_at, looks } = recording
  const length = lengthOf(recording)
  return (
    <>
      <p>
        <strong>{desktop.name}</strong>, <RelativeTime at={began_at} />,{' '}
        {length === null ? t`goes on` : timecode(length)}
        {viewer.id !== owner.id && t`, while ${viewer.username} used it`}
      </p>
      <p>{t`Who was given it:`}</p>
      <Looks looks={looks} />
    </>
  )
}
