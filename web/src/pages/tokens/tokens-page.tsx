import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { may } from '../../api/rights'
import { Empty } from '../../components/empty'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { Panel } from '../../components/panel'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { TokenList } from '../../components/tokens/token-list'
import { Tokens } from '../../components/tokens/tokens'
import { ServiceTokenDialog } from './service-token-dialog'

/** The tokens of everyone's programs and of services, or those that a search finds. */
export default function TokensPage() {
  const user = useUser()
  const mayChange = may(user, 'people:write', 'all')
  const [isMaking, setIsMaking] = useState(false)
  const [address, setAddress] = useSearchParams()
  const search = address.get('filter') ?? ''
  const setSearch = (text: string) => {
    setAddress(text === '' ? {} : { filter: text }, { replace: true })
  }
  const none =
    search === '' ? (
      <Empty text={t`A token lets a program act without a password. People make theirs on their profile, services get theirs here.`} />
    ) : (
      <Empty text={t`No token has all of these words in its name or its person’s.`}>
        <Button
          variant="light"
          onClick={() => {
            setSearch('')
          }}
        >
          {t`Show all`}
        </Button>
      </Empty>
    )
  return (
    <PageFrame title={t`Tokens`} user={user}>
      <PageHead title={t`Tokens`}>
        <SearchField label={t`Search by token and person`} placeholder={t`Token, person`} text={search} onChange={setSearch} />
        {mayChange && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => {
              setIsMaking(true)
            }}
          >
            {t`Make a token for a service`}
          </Button>
        )}
      </PageHead>
      <Tokens of={{ all: true, search }} none={none}>
        {(tokens) => (
          <Panel>
            <TokenList tokens={tokens} showsPeople mayRevoke={mayChange} />
          </Panel>
        )}
      </Tokens>
      {isMaking && (
        <ServiceTokenDialog
          onClose={() => {
            setIsMaking(false)
          }}
        />
      )}
    </PageFrame>
  )
}
