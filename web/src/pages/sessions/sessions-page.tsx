import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconFileImport, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { ImportDialog } from './import-dialog'
import { NewSessionDialog } from './new-session-dialog'
import { Sessions, Trash } from './sessions'

export default function SessionsPage() {
  const [address] = useSearchParams()
  const [text, setText] = useState('')
  const [asking, setAsking] = useState<'new' | 'import' | null>(null)
  const isTrash = address.has('trash')
  const add = () => {
    setAsking('new')
  }
  const close = () => {
    setAsking(null)
  }
  return (
    <PageFrame title={isTrash ? t`Trash` : t`Sessions`} user={useUser()}>
      <PageHead title={isTrash ? t`Trash` : t`Sessions`}>
        <SearchField label={t`Search the sessions`} text={text} onChange={setText} />
        <Button component={Link} to={isTrash ? '/sessions' : '?trash'} variant="default" leftSection={!isTrash && <IconTrash size={18} aria-hidden="true" />}>
          {isTrash ? t`To the sessions` : t`Trash`}
        </Button>
        {!isTrash && (
          <>
            <Button
              variant="default"
              leftSection={<IconFileImport size={18} aria-hidden="true" />}
              onClick={() => {
                setAsking('import')
              }}
            >
              {t`Import`}
            </Button>
            <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
              {t`New session`}
            </Button>
          </>
        )}
      </PageHead>
      {isTrash ? <Trash text={text} /> : <Sessions text={text} onAdd={add} />}
      {asking === 'new' && <NewSessionDialog onClose={close} />}
      {asking === 'import' && <ImportDialog onClose={close} />}
    </PageFrame>
  )
}
