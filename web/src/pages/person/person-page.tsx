import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconLock, IconUserOff } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { isStatus } from '../../api/problem'
import { personQuery, useDisable, type Person } from '../../api/people'
import { may } from '../../api/rights'
import { PersonActivity } from '../../components/activity/person-activity'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { showDone, showProblem } from '../../components/notices'
import { PageFrame } from '../../components/page-frame'
import { RelativeTime } from '../../components/relative-time'
import { SignInHistory } from '../../components/sign-in-history'
import { useUser } from '../../components/signed-in'
import { Splash } from '../../components/splash'
import { Pill } from '../../components/status'
import tones from '../../components/status.module.css'
import { AdministratorButton } from './administrator-button'
import { EraseDialog } from './erase-dialog'
import { ResetButton } from './reset-button'
import { Groups } from './groups'
import { Rights } from './rights'
import { TokensOfPerson } from './tokens'
import classes from './person.module.css'

export default function PersonPage() {
  const id = Number(useParams()['id'])
  const { data: person, error, isPending, refetch } = useQuery(personQuery(id))
  return (
    <PageFrame title={person ? nameOf(person) : t`Person`} user={useUser()}>
      {isPending && <Splash />}
      {error && isNobody(error) && <Nobody />}
      {error && !isNobody(error) && (
        <LoadFailure title={t`The person could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {person && <Shown key={id} person={person} />}
    </PageFrame>
  )
}

/** Nobody has this key, or the address has none. */
const isNobody = (error: Error) => isStatus(error, 404) || isStatus(error, 422)

const nameOf = ({ full_name, username }: Person) => full_name ?? username

function Nobody() {
  return (
    <Message icon={<IconUserOff size={36} />} title={t`There is no such person`}>
      <Button component={Link} to="/people">
        {t`To the people`}
      </Button>
    </Message>
  )
}

function Shown({ person }: { person: Person }) {
  const user = useUser()
  const seesActivity = may(user, 'activity:read', 'group')
  const head = <Head person={person} />
  return (
    <div className={classes.page}>
      {seesActivity ? <PersonActivity userId={person.id}>{head}</PersonActivity> : head}
      {may(user, 'people:read', 'all') && <Groups userId={person.id} />}
      <Rights userId={person.id} />
      {may(user, 'people:read', 'all') && <TokensOfPerson userId={person.id} />}
      {seesActivity && <SignInHistory of={{ user_id: person.id }} />}
    </div>
  )
}

function Head({ person }: { person: Person }) {
  const user = useUser()
  return (
    <header className={classes.head}>
      <div>
        <h1>{nameOf(person)}</h1>
        <p>{[person.username, person.email].filter(Boolean).join(' · ')}</p>
        {person.disabled_at && (
          <p>
            <Pill word={t`Disabled`} Icon={IconLock} tone={tones.bad} /> <RelativeTime at={person.disabled_at} />
          </p>
        )}
      </div>
      <div className={classes.buttons}>
        {user.id !== person.id && may(user, 'people:write', 'all') && (
          <>
            <AdministratorButton person={person} />
            <DisableButton person={person} />
            <ResetButton person={person} />
            <EraseButton person={person} />
          </>
        )}
      </div>
    </header>
  )
}

function EraseButton({ person }: { person: Person }) {
  const [isErasing, setIsErasing] = useState(false)
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setIsErasing(true)
        }}
      >
        {t`Erase what was recorded`}
      </Button>
      <EraseDialog
        person={person}
        isOpen={isErasing}
        onClose={() => {
          setIsErasing(false)
        }}
      />
    </>
  )
}

function DisableButton({ person }: { person: Person }) {
  const disable = useDisable(person.id)
  const isDisabled = person.disabled_at !== null
  const said = isDisabled ? t`can sign in again.` : t`is disabled and signed out everywhere.`
  const run = () => {
    disable.mutateAsync(!isDisabled).then(() => {
      showDone(`${nameOf(person)} ${said}`, isDisabled ? undefined : { label: t`Undo`, run: () => { disable.mutate(false) } })
    }, showProblem)
  }
  return (
    <Button variant="default" loading={disable.isPending} onClick={run}>
      {isDisabled ? t`Enable` : t`Disable`}
    </Button>
  )
}
