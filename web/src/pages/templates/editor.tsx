import { t } from '@lingui/core/macro'
import { Button, Checkbox } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useState, type SubmitEvent } from 'react'
import { Link, useNavigate } from 'react-router'
import { messageOf } from '../../api/problem'
import { useSaveTemplate, type TemplateWish } from '../../api/templates'
import { showDone } from '../../components/notices'
import { TemplateFace } from '../../components/template-face'
import { AllowedPeople, type Allowed } from './allowed-people'
import { Beginning, type Begun } from './beginning'
import { Basics } from './basics'
import { IconChoice } from './icon-choice'
import { Limits } from './limits'
import { Place } from './place'
import { Spares, type Stock } from './spares'
import classes from './templates.module.css'
import { Variables } from './variables-field'
import { Watching } from './watching'

export type FieldsProps = { wish: TemplateWish; onChange: (part: Partial<TemplateWish>) => void }

type Props = {
  id: number | null
  title: string
  first: TemplateWish
  allowed: Allowed
  hasPassword: boolean
  begun: Begun
  stock: Stock | null
  categories: string[]
}

/** Everything about a template, with the card that people will see beside. */
export function Editor({ id, title, first, allowed, hasPassword, begun, stock, categories }: Props) {
  const [wish, setWish] = useState(first)
  const [isReadable, setIsReadable] = useState(true)
  const save = useSaveTemplate()
  const navigate = useNavigate()
  const change = (part: Partial<TemplateWish>) => {
    setWish((before) => ({ ...before, ...part }))
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isReadable) return
    save.mutateAsync({ id, wish }).then(
      async ({ name }) => {
        await navigate('/templates')
        showDone(id === null ? t`${name} is in the gallery.` : t`${name} is changed. Its desktops keep their size.`)
      },
      () => undefined,
    )
  }
  return (
    <form className={classes.editor} onSubmit={submit}>
      <h1>{title}</h1>
      <div className={classes.fields}>
        <Basics wish={wish} categories={categories} onChange={change} />
        <IconChoice wish={wish} onChange={change} />
        <Place wish={wish} hasPassword={hasPassword} onChange={change} />
        <Spares wish={wish} stock={stock} onChange={change} />
        <Beginning wish={wish} first={begun} onChange={change} />
        <Limits wish={wish} onChange={change} />
        <Watching wish={wish} onChange={change} />
        <Variables first={first.environment} onChange={change} onReadable={setIsReadable} />
        <AllowedPeople wish={wish} first={allowed} onChange={change} />
      </div>
      <aside className={classes.preview} aria-label={t`Preview`}>
        <h2>{t`In the gallery`}</h2>
        <TemplateFace template={{ ...wish, name: wish.name || t`No name yet`, unavailable_reason: null }} />
        <Checkbox
          label={t`Disabled: nobody launches it, its desktops go on`}
          checked={wish.is_disabled}
          onChange={(event) => {
            change({ is_disabled: event.currentTarget.checked })
          }}
        />
        {save.error && (
          <p role="alert" className={classes.problem}>
            {messageOf(save.error)}
          </p>
        )}
        <div className={classes.buttons}>
          <Button type="submit" loading={save.isPending}>
            {id === null ? t`Add the template` : t`Save`}
          </Button>
          <Button component={Link} to="/templates" variant="default">
            {t`Cancel`}
          </Button>
        </div>
      </aside>
    </form>
  )
}
