import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may } from '../../api/rights'
import { rolesQuery, type Role } from '../../api/roles'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'
import { HoldersDialog } from './holders-dialog'
import { RoleCard } from './role-card'
import { RoleDialog } from './role-dialog'
import classes from './roles.module.css'

type Asking = { edit: Role | null } | { holdersOf: Role } | null

/** What people may do: the roles that there are, and who has them. */
export default function RolesPage() {
  const user = useUser()
  const [asking, setAsking] = useState<Asking>(null)
  const { data, error, refetch } = useQuery(rolesQuery)
  const close = () => {
    setAsking(null)
  }
  const mayChange = may(user, 'people:write', 'all')
  return (
    <PageFrame title={t`Roles`} user={user}>
      <PageHead title={t`Roles`}>
        {mayChange && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => {
              setAsking({ edit: null })
            }}
          >
            {t`Make a role`}
          </Button>
        )}
      </PageHead>
      {data && (
        <ul className={classes.roles}>
          {data.map((role) => (
            <li key={role.id ?? role.name}>
              <RoleCard
                role={role}
                mayChange={mayChange && role.id !== null}
                onEdit={() => {
                  setAsking({ edit: role })
                }}
                onHolders={() => {
                  setAsking({ holdersOf: role })
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {!data && error && (
        <LoadFailure title={t`The roles could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={320} radius={12} aria-hidden="true" />}
      {asking && 'edit' in asking && <RoleDialog role={asking.edit} onClose={close} />}
      {asking && 'holdersOf' in asking && <HoldersDialog role={asking.holdersOf} onClose={close} />}
    </PageFrame>
  )
}
