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
      <h2 id="recordings-title">Recordings of my desktops</h2>
      <div className={classes.panel}>
        <p>
          Administrators can play what these desktops showed.{' '}
          {data.kept_days && `Each recording is deleted ${data.kept_days} days after it ended.`}
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
        {length === null ? 'goes on' : timecode(length)}
        {viewer.id !== owner.id && `, while ${viewer.username} used it`}
      </p>
      <p>Who was given it:</p>
      <Looks looks={looks} />
    </>
  )
}
