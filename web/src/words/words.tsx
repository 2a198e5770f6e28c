import { i18n } from '@lingui/core'
import { TransNoContext } from '@lingui/react/server'
import type { ReactElement } from 'react'

// Messages are compiled when the page is built (lingui-macros.ts): what is still text has nothing to fill in.
i18n.setMessagesCompiler((message) => [message])
i18n.loadAndActivate({ locale: 'en', messages: {} })

type TransProps = { id: string; message?: string; values?: Record<string, unknown>; components?: Record<string, ReactElement> }

/** A sentence with elements in it. Asks no context for the language: what is below InLanguage is made anew with it. */
export function Trans(props: TransProps) {
  return <TransNoContext {...props} lingui={{ i18n }} />
}

export { i18n }
