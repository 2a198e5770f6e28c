import { t } from '@lingui/core/macro'
import { Button, Menu, Skeleton, VisuallyHidden } from '@mantine/core'
import { IconShieldCheck, IconShieldOff, IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { membersQuery, type GroupDetails, type Member } from '../../api/groups'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { MoreMenu } from '../../components/more-menu'
import { Pages } from '../../components/pages'
import { SearchField } from '../../components/search-field'
import { AddPeopleDialog } from './add-people-dialog'
import classes from './group.module.css'
import { useMemberActions } from './use-member-actions'

type Props = { group: GroupDetails; mayChange: boolean }

const pageLength = 50

/** Who is right in a group: to be searched, added and taken out. */
export function Members({ group, mayChange }: Props) {
  const [isAdding, setIsAdding] = useState(false)
  const [address, setAddress] = useSearchParams()
  const search = address.get('filter') ?? ''
  const add = () => {
    setIsAdding(true)
  }
  return (
    <section aria-labelledby="members">
      <div className={classes.title}>
        <h2 id="members">{t`Members`}</h2>
        <SearchField
          label={t`Search the members`}
          text={search}
          onChange={(text) => {
            setAddress(text === '' ? {} : { filter: text }, { replace: true })
          }}
        />
        <Button leftSection={<IconUserPlus size={18} aria-hidden="true" />} onClick={add}>
          {t`Add people`}
        </Button>
      </div>
      <Listed group={group} mayChange={mayChange} search={search} cursor={Number(address.get('cursor')) || null} />
      {isAdding && (
        <AddPeopleDialog
          group={group}
          onClose={() => {
            setIsAdding(false)
          }}
        />
      )}
    </section>
  )
}

function Listed({ group, mayChange, search, cursor }: Props & { search: string; cursor: number | null }) {
  const { data, error, refetch } = useQuery(membersQuery(group.id, { search, cursor, limit: pageLength }))
  if (!data) {
    return error ? (
      <LoadFailure title={t`The members could not be loaded`} error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton height={220} radius={12} aria-hidden="true" />
    )
  }
  if (data.items.length === 0) {
    return <Empty text={search === '' ? t`Nobody is in this group itself yet.` : t`Nobody in it is called that.`} />
  }
  return (
    <>
      <table className={`${table.table} ${classes.members}`}>
        <thead>
          <tr>
            <th scope="col">{t`Name`}</th>
            <th scope="col">{t`Login`}</th>
            <th scope="col">{t`Role`}</th>
            <th scope="col">
              <VisuallyHidden>{t`What to do`}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((member) => (
            <Row key={member.id} group={group} member={member} mayChange={mayChange} />
          ))}
        </tbody>
      </table>
      <Pages total={data.total} shown={data.items.length} next={data.next_cursor} />
    </>
  )
}

function Row({ group, member, mayChange }: Props & { member: Member }) {
  const name = member.full_name ?? member.username
  return (
    <tr>
      <th scope="row">
        {mayChange ? <Link to={`/people/${member.id}`}>{name}</Link> : name}
        <span className={classes.login}>{member.full_name && member.username}</span>
      </th>
      <td>{member.username}</td>
      <td>{member.is_administrator && t`Looks after it`}</td>
      <td>
        {(mayChange || !member.is_administrator) && <Actions group={group} member={member} mayChange={mayChange} />}
      </td>
    </tr>
  )
}

function Actions({ group, member, mayChange }: Props & { member: Member }) {
  const { takeAway, entrust } = useMemberActions(group, member)
  const Shield = member.is_administrator ? IconShieldOff : IconShieldCheck
  return (
    <MoreMenu name={member.full_name ?? member.username}>
      {mayChange && (
        <Menu.Item
          leftSection={<Shield size={17} aria-hidden="true" />}
          onClick={() => {
            entrust(!member.is_administrator)
          }}
        >
          {member.is_administrator ? t`No longer have them look after it` : t`Have them look after it`}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconUserMinus size={17} aria-hidden="true" />} onClick={takeAway}>
        {t`Take out of the group`}
      </Menu.Item>
    </MoreMenu>
  )
}
