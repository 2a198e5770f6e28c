import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { rememberUser } from '../../api/account'
import { setUpAtSignInQuery, useConfirmAppAtSignIn, useFinishSignIn } from '../../api/second-step'
import { AppSetUp } from '../../components/app-set-up'
import { CodeField } from '../../components/code-field'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { RecoveryCodes } from '../../components/recovery-codes'
import { Refusal } from '../../components/refusal'

type Props = { step: 'code' | 'set-up'; onBack: () => void }

/** What a sign-in lacks whose password was right. */
export default function SecondStep({ step, onBack }: Props) {
  return step === 'code' ? <EnterCode onBack={onBack} /> : <SetUp onBack={onBack} />
}

function EnterCode({ onBack }: { onBack: () => void }) {
  const [code, setCode] = useState('')
  const finish = useFinishSignIn()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    finish.mutate(code.trim())
  }
  return (
    <Doorway title={t`Enter your code`}>
      <form className={form.form} onSubmit={submit}>
        <Refusal error={finish.error} />
        <CodeField
          label={t`Code`}
          description={t`Six digits of your authenticator app, or one of your recovery codes`}
          value={code}
          onChange={setCode}
        />
        <Button type="submit" size="md" loading={finish.isPending}>
          {t`Sign in`}
        </Button>
        <Button variant="subtle" onClick={onBack}>
          {t`Sign in as somebody else`}
        </Button>
      </form>
    </Doorway>
  )
}

function SetUp({ onBack }: { onBack: () => void }) {
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const setUp = useQuery(setUpAtSignInQuery)
  const confirm = useConfirmAppAtSignIn()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    confirm.mutate(code.trim())
  }
  if (confirm.data) {
    const { codes, user } = confirm.data
    return (
      <Doorway title={t`Keep your recovery codes`}>
        <div className={form.form}>
          <RecoveryCodes codes={codes} />
          <Button
            size="md"
            onClick={() => {
              rememberUser(client, user)
            }}
          >
            {t`I have kept them: go on`}
          </Button>
        </div>
      </Doorway>
    )
  }
  return (
    <Doorway title={t`Set up a second step`}>
      <form className={form.form} onSubmit={submit}>
        <p>{t`This server wants more than a password of you.`}</p>
        <AppSetUp setUp={setUp.data} error={setUp.error ?? confirm.error} code={code} onCode={setCode} />
        <Button type="submit" size="md" loading={confirm.isPending} disabled={!setUp.data}>
          {t`Go on`}
        </Button>
        <Button variant="subtle" onClick={onBack}>
          {t`Sign in as somebody else`}
        </Button>
      </form>
    </Doorway>
  )
}
