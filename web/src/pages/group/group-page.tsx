import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { groupQuery, type GroupDetails } from '../../api/groups'
import { isStatus } from '../../api/problem'
import { may } from '../../api/rights'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { Splash } from '../../components/splash'
import classes from './group.module.css'
import { GroupHead } from './group-head'
import { Members } from './members'
import { NestedGroups } from './nested-groups'
import { Roles } from './roles'
import { TrackingPolicy } from './tracking-policy'

export default function GroupPage() {
  const id = Number(useParams()['id'])
  const user = useUser()
  const { data: group, error, isPending, refetch } = useQuery(groupQuery(id))
  return (
    <PageFrame title={group?.name ?? t`Group`} user={user}>
      {isPending && <Splash />}
      {error && !group && (isNone(error) ? (
        <None />
      ) : (
        <LoadFailure title={t`The group could not be loaded`} error={error} onRetry={() => void refetch()} />
      ))}
      {group && <Shown key={id} group={group} mayChange={may(user, 'people:write', 'all')} />}
    </PageFrame>
  )
}

/** No group that one may see has this key, or the address has none. */
const isNone = (error: Error) => isStatus(error, 404) || isStatus(error, 422)

function None() {
  return (
    <Message icon={<IconUsersGroup size={36} />} title={t`There is no such group`}>
      <Button component={Link} to="/groups">
        {t`To the groups`}
      </Button>
    </Message>
  )
}

function Shown({ group, mayChange }: { group: GroupDetails; mayChange: boolean }) {
  return (
    <div className={classes.page}>
      <GroupHead group={group} mayChange={mayChange} />
      <Members group={group} mayChange={mayChange} />
      <div className={classes.beside}>
        <TrackingPolicy group={group} mayChange={mayChange} />
        <NestedGroups group={group} mayChange={mayChange} />
        <Roles group={group} mayChange={mayChange} />
      </div>
    </div>
  )
}
