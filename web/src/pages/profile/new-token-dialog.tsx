import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { Fragment, useState } from 'react'
import { useCreateToken, type Scope } from '../../api/profile'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { Refusal } from '../../components/refusal'
import { nouns } from '../../components/right-words'
import { SecretField } from '../../components/secret-field'
import classes from './profile.module.css'

const reaches = [
  { value: '', label: 'all that I reach' },
  { value: '!own', label: 'only what is mine' },
]
const lifetimes = [7, 30, 90, 365].map((days) => ({ value: String(days), label: `${days} days` }))

/** Makes a token, and shows its secret once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateToken()
  const [name, setName] = useState('')
  const [days, setDays] = useState('30')
  const [scopes, setScopes] = useState<Scope[]>([])
  const [reach, setReach] = useState('')
  if (create.data) return <MadeDialog name={create.data.name} secret={create.data.token} onClose={onClose} />
  const submit = () => {
    create.mutate({ name: name.trim(), scopes: scopes.map((scope) => scope + reach), expires_in_days: Number(days), description: '' })
  }
  const toggle = (scope: Scope) => {
    setScopes((chosen) => (chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]))
  }
  return (
    <Dialog title="Make a token" isOpen onClose={onClose} size="lg">
      <DialogForm
        action="Make the token"
        isBusy={create.isPending}
        isDisabled={scopes.length === 0 || name.trim() === ''}
        onSubmit={submit}
        onClose={onClose}
      >
        <Refusal error={create.error} />
        <TextInput
          label="Name"
          description="What it is for, so that you know it later"
          required
          withAsterisk={false}
          maxLength={64}
          autoComplete="off"
          data-autofocus
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
          }}
        />
        <NativeSelect
          label="Good for"
          data={lifetimes}
          value={days}
          onChange={(event) => {
            setDays(event.currentTarget.value)
          }}
        />
        <NativeSelect
          label="Reaches"
          data={reaches}
          value={reach}
          onChange={(event) => {
            setReach(event.currentTarget.value)
          }}
        />
        <fieldset className={classes.scopes}>
          <legend>What it may do; never more than you may</legend>
          {Object.entries(nouns).map(([noun, words]) => (
            <Fragment key={noun}>
              <span>{words}</span>
              {(['read', 'write'] as const).map((right) => (
                <Checkbox
                  key={right}
                  size="xs"
                  label={right}
                  aria-label={`${words}: ${right}`}
                  checked={scopes.includes(`${noun}:${right}` as Scope)}
                  onChange={() => {
                    toggle(`${noun}:${right}` as Scope)
                  }}
                />
              ))}
            </Fragment>
          ))}
        </fieldset>
      </DialogForm>
    </Dialog>
  )
}

function MadeDialog({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog title={`${name} is made`} isOpen onClose={onClose} size="lg">
      <div className={dialogForm}>
        <SecretField
          label="The token"
          secret={secret}
          description="Copy it now: it is shown this once. The program sends it as “Authorization: Bearer …”."
        />
        <DialogActions>
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
