import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Empty } from '../../components/empty'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { TokenList } from '../../components/tokens/token-list'
import { Tokens } from '../../components/tokens/tokens'
import { NewTokenDialog } from './new-token-dialog'
import classes from './profile.module.css'

const teaching = inOwnLanguage(() => t`A token lets a program act for you, as far as you allow, without your password.`)

/** The tokens of the person's programs. */
export function TokensPanel() {
  const [isMaking, setIsMaking] = useState(false)
  const make = (
    <Button
      variant="default"
      leftSection={<IconPlus size={17} aria-hidden="true" />}
      onClick={() => {
        setIsMaking(true)
      }}
    >
      {t`Make a token`}
    </Button>
  )
  return (
    <Panel title={t`Tokens for programs`}>
      <Tokens of={{}} none={<Empty text={teaching()}>{make}</Empty>}>
        {(tokens) => (
          <>
            <div className={classes.head}>
              <p>{teaching()}</p>
              {make}
            </div>
            <TokenList tokens={tokens} mayRevoke />
          </>
        )}
      </Tokens>
      {isMaking && (
        <NewTokenDialog
          onClose={() => {
            setIsMaking(false)
          }}
        />
      )}
    </Panel>
  )
}
