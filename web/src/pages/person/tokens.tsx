import { t } from '@lingui/core/macro'
import { may } from '../../api/rights'
import { Panel } from '../../components/panel'
import { useUser } from '../../components/signed-in'
import { TokenList } from '../../components/tokens/token-list'
import { Tokens } from '../../components/tokens/tokens'

/** The tokens of a person's programs. */
export function TokensOfPerson({ userId }: { userId: number }) {
  const mayRevoke = may(useUser(), 'people:write', 'all')
  return (
    <Panel title={t`Tokens for programs`}>
      <Tokens of={{ all: true, user_id: userId }} none={<p>{t`They have none.`}</p>}>
        {(tokens) => <TokenList tokens={tokens} mayRevoke={mayRevoke} />}
      </Tokens>
    </Panel>
  )
}
