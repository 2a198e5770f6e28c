import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useChangeProfile, type Profile, type ProfileWish } from '../../api/profile'
import { showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { ZoneSelect, ownZone } from '../../components/zone-select'
import { example, languages } from './languages'
import classes from './profile.module.css'

const themes = inOwnLanguage(() => [
  { value: 'auto', label: t`As the system` },
  { value: 'light', label: t`Light` },
  { value: 'dark', label: t`Dark` },
])

/** The colours, the zone and the language, on every device of the person's; saved as soon as they are chosen. */
export function LookPanel({ profile }: { profile: Profile }) {
  const change = useChangeProfile()
  const save = (wish: ProfileWish) => {
    change.mutate(wish, { onError: showProblem })
  }
  return (
    <Panel title={t`Look, zone and language`}>
      <div className={classes.form}>
        <NativeSelect
          label={t`Colours`}
          data={themes()}
          value={profile.theme}
          onChange={(event) => {
            save({ theme: event.currentTarget.value as Profile['theme'] })
          }}
        />
        <ZoneSelect
          label={t`Zone of your days`}
          zone={profile.zone ?? ownZone}
          onChange={(zone) => {
            save({ zone: zone === ownZone ? null : zone })
          }}
        />
        <p>{profile.zone ? t`Your hours are added up by days of this zone.` : t`As your browser says, on each device.`}</p>
        <NativeSelect
          label={t`Language of this page, of mails and of new desktops`}
          data={[{ value: '', label: t`As your browser says, and desktops as their templates say` }, ...languages(profile.language)]}
          value={profile.language ?? ''}
          onChange={(event) => {
            save({ language: event.currentTarget.value || null })
          }}
        />
        <p>
          {example(profile.language)}. {t`Deskbay has words in English and German; in other languages only dates and numbers change.`}{' '}
          {t`Desktops begin in this language where it is installed in them.`}
        </p>
      </div>
    </Panel>
  )
}
