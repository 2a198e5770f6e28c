import { t } from '@lingui/core/macro'
import { Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useState } from 'react'
import type { Reach } from '../../api/rights'
import { useCreateServiceToken } from '../../api/tokens'
import { inOwnLanguage } from '../../components/own-language'
import { useUser } from '../../components/signed-in'
import { TokenDialog } from '../../components/tokens/token-dialog'

const words = inOwnLanguage((): Record<Reach, string> => ({ own: t`its own`, group: t`those of people it looks after`, all: t`everyone’s` }))

/** Makes a token that acts for a service: for an account of its own, to which nobody signs in. */
export function ServiceTokenDialog({ onClose }: { onClose: () => void }) {
  const [username, setUsername] = useState('')
  const [isAdministrator, setIsAdministrator] = useState(false)
  const account = username.trim()
  return (
    <TokenDialog
      title={t`Make a token for a service`}
      legend={t`What it may do; never more than its account and you may. To change is to see, too.`}
      words={words()}
      make={useCreateServiceToken()}
      complete={(wish) =>
        account === '' ? null : { ...wish, username: account, is_administrator: isAdministrator }
      }
      onClose={onClose}
    >
      <TextInput
        label={t`Account of the service`}
        description={t`It is made where nobody has the name; roles are given to it as to people`}
        maxLength={64}
        autoComplete="off"
        value={username}
        onChange={(event) => {
          setUsername(event.currentTarget.value)
        }}
      />
      {useUser().role === 'administrator' && (
        <Checkbox
          label={t`A new account is an administrator’s`}
          checked={isAdministrator}
          onChange={(event) => {
            setIsAdministrator(event.currentTarget.checked)
          }}
        />
      )}
    </TokenDialog>
  )
}
