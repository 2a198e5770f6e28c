import { t } from '@lingui/core/macro'
import { Checkbox, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core'
import '@mantine/core/styles/NumberInput.layer.css'
import '@mantine/core/styles/PasswordInput.layer.css'
import type { TemplateWish } from '../../api/templates'
import { inOwnLanguage } from '../../components/own-language'
import type { FieldsProps } from './editor'
import classes from './templates.module.css'

const usualPorts: Record<TemplateWish['protocol'], number> = { vnc: 5900, rdp: 3389, ssh: 22 }
const protocols = inOwnLanguage((): { value: TemplateWish['protocol']; label: string }[] => [
  { value: 'vnc', label: 'VNC' },
  { value: 'rdp', label: 'RDP' },
  { value: 'ssh', label: 'SSH' },
])
const ours = { protocol: 'vnc', port: null, username: null, password: null, password_variable: null } as const

type Props = FieldsProps & { hasPassword: boolean }

/** How an image is entered that is not Deskbay's. */
export function Entrance({ wish, hasPassword, onChange }: Props) {
  return (
    <>
      <Checkbox
        label={t`The image is not Deskbay's: it shows itself at a port`}
        checked={wish.port != null}
        onChange={(event) => {
          onChange(event.currentTarget.checked ? { port: usualPorts[wish.protocol] } : ours)
        }}
      />
      {wish.port != null && <EntranceFields wish={wish} hasPassword={hasPassword} onChange={onChange} />}
    </>
  )
}

function EntranceFields({ wish, hasPassword, onChange }: Props) {
  return (
    <>
      <div className={classes.pair}>
        <NativeSelect
          label={t`Shown by`}
          value={wish.protocol}
          data={protocols()}
          onChange={(event) => {
            const protocol = event.currentTarget.value as TemplateWish['protocol']
            onChange({ protocol, port: usualPorts[protocol] })
          }}
        />
        <NumberInput
          label={t`Port inside`}
          required
          min={1}
          max={65535}
          allowDecimal={false}
          value={wish.port ?? ''}
          onChange={(port) => {
            if (typeof port === 'number') onChange({ port })
          }}
        />
      </div>
      <TextInput
        label={t`User name, where it asks`}
        maxLength={64}
        value={wish.username ?? ''}
        onChange={(event) => {
          onChange({ username: event.currentTarget.value || null })
        }}
      />
      <div className={classes.pair}>
        <PasswordInput
          label={t`Password that the image has`}
          placeholder={hasPassword && wish.password === undefined ? t`Is set; type to change it` : ''}
          autoComplete="new-password"
          maxLength={255}
          value={wish.password ?? ''}
          onChange={(event) => {
            onChange({ password: event.currentTarget.value || null })
          }}
        />
        <TextInput
          label={t`Or the variable in which it takes a new one`}
          placeholder="PASSWORD"
          maxLength={100}
          value={wish.password_variable ?? ''}
          onChange={(event) => {
            onChange({ password_variable: event.currentTarget.value || null })
          }}
        />
      </div>
    </>
  )
}
