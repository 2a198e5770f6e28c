import { t } from '@lingui/core/macro'
import { VisuallyHidden } from '@mantine/core'
import type { Allowance } from '../../api/allowances'
import table from '../../components/data-table.module.css'
import { EditMenu } from '../../components/edit-menu'
import classes from './allowances.module.css'
import { atOnce, hoursOf, nameOf } from './words'

type Props = {
  allowances: Allowance[]
  onEdit: (allowance: Allowance) => void
  onDelete: (allowance: Allowance) => void
}

/** Every rule: whose it is, and what it gives. */
export function AllowancesTable({ allowances, onEdit, onDelete }: Props) {
  return (
    <table className={`${table.table} ${classes.table}`}>
      <thead>
        <tr>
          <th scope="col">{t`For`}</th>
          <th scope="col">{t`At once`}</th>
          <th scope="col">{t`Hours`}</th>
          <th scope="col">
            <VisuallyHidden>{t`Actions`}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {allowances.map((allowance) => (
          <tr key={allowance.id}>
            <th scope="row">{nameOf(allowance)}</th>
            <td>{atOnce(allowance)}</td>
            <td>{hoursOf(allowance)}</td>
            <td className={classes.actions}>
              <EditMenu
                name={nameOf(allowance)}
                onEdit={() => {
                  onEdit(allowance)
                }}
                onDelete={() => {
                  onDelete(allowance)
                }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
