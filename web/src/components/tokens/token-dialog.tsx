import { t } from '@lingui/core/macro'
import { Button, NativeSelect } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Reach } from '../../api/rights'
import type { NewToken, TokenWish } from '../../api/tokens'
import { Dialog, DialogActions, dialogForm } from '../dialog'
import { DialogForm } from '../dialog-form'
import { focusWhenThere } from '../focus-when-there'
import { NameField } from '../name-field'
import { inOwnLanguage } from '../own-language'
import { Refusal } from '../refusal'
import { RightsFields } from '../rights-fields'
import { SecretField } from '../secret-field'
import { writtenRights, type Chosen } from '../written-rights'

const lifetimes = inOwnLanguage(() => [7, 30, 90, 365].map((days) => ({ value: String(days), label: t`${days} days` })))

type Making<Wish> = {
  data: NewToken | undefined
  error: Error | null
  isPending: boolean
  mutate: (wish: Wish) => void
}

type Props<Wish> = {
  title: string
  legend: string
  words: Record<Reach, string>
  most?: Chosen
  make: Making<Wish>
  /** Completes what is wished; null as long as something is missing. */
  complete: (wish: TokenWish) => Wish | null
  onClose: () => void
  /** Fields of its own, below the name. */
  children?: ReactNode
}

/** Makes a token, and shows its secret once. */
export function TokenDialog<Wish>({ title, legend, words, most, make, complete, onClose, children }: Props<Wish>) {
  const [name, setName] = useState('')
  const [days, setDays] = useState('30')
  const [chosen, setChosen] = useState<Chosen>({})
  const scopes = writtenRights(chosen)
  const wish = complete({ name: name.trim(), scopes, expires_in_days: Number(days), description: '' })
  return (
    <Dialog title={make.data ? madeTitle(make.data) : title} isOpen onClose={onClose} size="lg">
      {make.data ? (
        <Made secret={make.data.token} onClose={onClose} />
      ) : (
        <DialogForm
          action={t`Make the token`}
          isBusy={make.isPending}
          isDisabled={wish === null || scopes.length === 0 || name.trim() === ''}
          onSubmit={() => {
            if (wish !== null) make.mutate(wish)
          }}
          onClose={onClose}
        >
          <Refusal error={make.error} />
          <NameField
            name={name}
            description={t`What it is for, so that you know it later`}
            required
            withAsterisk={false}
            onChange={setName}
          />
          {children}
          <NativeSelect
            label={t`Good for`}
            data={lifetimes()}
            value={days}
            onChange={(event) => {
              setDays(event.currentTarget.value)
            }}
          />
          <RightsFields legend={legend} words={words} chosen={chosen} onChange={setChosen} {...(most && { most })} />
        </DialogForm>
      )}
    </Dialog>
  )
}

const madeTitle = ({ name }: NewToken) => t`${name} is made`

function Made({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div className={dialogForm}>
      <SecretField
        label={t`The token`}
        secret={secret}
        description={t`Copy it now: it is shown this once. The program sends it as “Authorization: Bearer …”.`}
      />
      <DialogActions>
        <Button onClick={onClose} ref={focusWhenThere}>
          {t`Done`}
        </Button>
      </DialogActions>
    </div>
  )
}
