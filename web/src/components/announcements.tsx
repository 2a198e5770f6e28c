import { t } from '@lingui/core/macro'
import { ActionIcon } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle, IconX, type TablerIcon } from '@tabler/icons-react'
import type { AnnouncementBrief, Severity } from '../api/announcements'
import classes from './announcements.module.css'
import { inOwnLanguage } from './own-language'

const looks = inOwnLanguage((): Record<Severity, { word: string; Icon: TablerIcon }> => ({
  info: { word: t`Information`, Icon: IconInfoCircle },
  warning: { word: t`Warning`, Icon: IconAlertTriangle },
  critical: { word: t`Critical`, Icon: IconAlertOctagon },
}))
const mostRemembered = 100

/** What administrators have people know: a bar for each that was not put away in this browser. */
export function Announcements({ of: announcements }: { of: AnnouncementBrief[] }) {
  const [putAway, setPutAway] = useLocalStorage<string[]>({ key: 'deskbay.announcements', defaultValue: [] })
  const shown = announcements.filter((one) => !putAway.includes(markOf(one)))
  return (
    <div className={classes.bars} role="region" aria-label={t`Announcements`} aria-live="polite" hidden={shown.length === 0}>
      {shown.map((one) => (
        <Bar
          key={one.id}
          announcement={one}
          onPutAway={() => {
            setPutAway([...putAway, markOf(one)].slice(-mostRemembered))
          }}
        />
      ))}
    </div>
  )
}

/** One whose text is another is seen again. */
function markOf({ id, text }: AnnouncementBrief): string {
  return `${id}:${text}`
}

type Props = { announcement: AnnouncementBrief; onPutAway: () => void }

function Bar({ announcement: { text, severity }, onPutAway }: Props) {
  const { word, Icon } = looks()[severity]
  return (
    <div className={classes.bar} data-severity={severity}>
      <Icon size={19} aria-label={word} role="img" />
      <p>{text}</p>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Put away: ${text}`} onClick={onPutAway}>
        <IconX size={17} aria-hidden="true" />
      </ActionIcon>
    </div>
  )
}
