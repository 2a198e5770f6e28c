import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { useDeleteRole, type Role } from '../../api/roles'
import { EditMenu } from '../../components/edit-menu'
import { showDone, showProblem } from '../../components/notices'
import { inWords } from '../../components/right-words'
import classes from './roles.module.css'

type Props = { role: Role; mayChange: boolean; onEdit: () => void; onHolders: () => void }

/** A role: what it lets do, and who has it. */
export function RoleCard({ role, mayChange, onEdit, onHolders }: Props) {
  const remove = useDeleteRole()
  const takeAway = () => {
    remove.mutateAsync(role.id ?? 0).then(() => {
      showDone(t`The role ${role.name} is deleted.`)
    }, showProblem)
  }
  return (
    <article className={classes.role}>
      <div className={classes.head}>
        <h2>{role.name}</h2>
        {mayChange && <EditMenu name={role.name} onEdit={onEdit} onDelete={takeAway} />}
      </div>
      {role.description && <p>{role.description}</p>}
      <ul className={classes.rights}>
        {inWords(role.rights).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {role.id !== null && <Holders role={role} />}
      {mayChange && (
        <Button variant="default" size="xs" onClick={onHolders}>
          {t`Who has ${role.name}…`}
        </Button>
      )}
    </article>
  )
}

function Holders({ role: { people, groups } }: { role: Role }) {
  if (people.length + groups.length === 0) return <p>{t`Nobody has it.`}</p>
  return (
    <ul className={classes.holders} aria-label={t`Who has it`}>
      {groups.map(({ id, name }) => (
        <li key={`group ${String(id)}`}>
          <Link to={`/groups/${String(id)}`}>{name}</Link> <span>{t`group`}</span>
        </li>
      ))}
      {people.map(({ id, username }) => (
        <li key={id}>
          <Link to={`/people/${String(id)}`}>{username}</Link>
        </li>
      ))}
    </ul>
  )
}
