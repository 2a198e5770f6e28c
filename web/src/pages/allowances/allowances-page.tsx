import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allowancesQuery, useDeleteAllowance, type Allowance } from '../../api/allowances'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { showDone, showProblem } from '../../components/notices'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { AllowanceDialog } from './allowance-dialog'
import { AllowancesTable } from './allowances-table'
import { nameOf } from './words'

type Asking = { allowance: Allowance | null } | null

/** What people and groups may have of running desktops. */
export default function AllowancesPage() {
  const [text, setText] = useState('')
  const [asking, setAsking] = useState<Asking>(null)
  const { data, error, refetch } = useQuery(allowancesQuery)
  const add = () => {
    setAsking({ allowance: null })
  }
  return (
    <PageFrame title={t`Allowances`} user={useUser()}>
      <PageHead title={t`Allowances`}>
        <SearchField label={t`Search the allowances`} text={text} onChange={setText} />
        {data?.length !== 0 && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
            {t`Add an allowance`}
          </Button>
        )}
      </PageHead>
      {data && (
        <Found
          allowances={data}
          text={text}
          onAdd={add}
          onEdit={(allowance) => {
            setAsking({ allowance })
          }}
        />
      )}
      {!data && error && (
        <LoadFailure title={t`The allowances could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={220} radius={12} aria-hidden="true" />}
      {asking && (
        <AllowanceDialog
          allowance={asking.allowance}
          onClose={() => {
            setAsking(null)
          }}
        />
      )}
    </PageFrame>
  )
}

type FoundProps = { allowances: Allowance[]; text: string; onAdd: () => void; onEdit: (allowance: Allowance) => void }

function Found({ allowances, text, onAdd, onEdit }: FoundProps) {
  const remove = useDeleteAllowance()
  const found = allowances.filter((one) => nameOf(one).toLowerCase().includes(text.trim().toLowerCase()))
  if (allowances.length === 0) {
    return (
      <Empty text={t`An allowance says how many desktops of a person or a group run at once, and for how many hours a week or month.`}>
        <Button variant="light" onClick={onAdd}>
          {t`Add the first allowance`}
        </Button>
      </Empty>
    )
  }
  if (found.length === 0) return <Empty text={t`Nobody of that name has an allowance.`} />
  return (
    <AllowancesTable
      allowances={found}
      onEdit={onEdit}
      onDelete={(allowance) => {
        remove.mutateAsync(allowance.id).then(() => {
          showDone(t`The allowance for ${nameOf(allowance)} is taken away.`)
        }, showProblem)
      }}
    />
  )
}
