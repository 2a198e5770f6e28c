import { NativeSelect } from '@mantine/core'
import { useChangeProfile, type Profile, type ProfileWish } from '../../api/profile'
import { showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import { ZoneSelect, ownZone } from '../../components/zone-select'
import { example, languages } from './languages'
import classes from './profile.module.css'

const themes = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** The colours, the zone and the language, on every device of the person's; saved as soon as they are chosen. */
export function LookPanel({ profile }: { profile: Profile }) {
  const change = useChangeProfile()
  const save = (wish: ProfileWish) => {
    change.mutate(wish, { onError: showProblem })
  }
  return (
    <Panel title="Look, zone and language">
      <div className={classes.form}>
        <NativeSelect
          label="Colours"
          data={themes}
          value={profile.theme}
          onChange={(event) => {
            save({ theme: event.currentTarget.value as Profile['theme'] })
          }}
        />
        <ZoneSelect
          label="Zone of your days"
          zone={profile.zone ?? ownZone}
          onChange={(zone) => {
            save({ zone: zone === ownZone ? null : zone })
          }}
        />
        <p>{profile.zone ? 'Your hours are added up by days of this zone.' : 'As your browser says, on each device.'}</p>
        <NativeSelect
          label="Language of dates, numbers and new desktops"
          data={[{ value: '', label: 'English, and desktops as their templates say' }, ...languages(profile.language)]}
          value={profile.language ?? ''}
          onChange={(event) => {
            save({ language: event.currentTarget.value || null })
          }}
        />
        <p>
          {example(profile.language)}. Deskbay’s own words are English. Desktops begin in this language where it is installed in them.
        </p>
      </div>
    </Panel>
  )
}
