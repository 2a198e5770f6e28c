import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { Component, Suspense, type ReactNode } from 'react'
import { Message } from './message-page'
import { Splash } from './splash'

/** Waits for a page whose code is fetched when it is first looked at, and says so when that fails. */
export function PageLoading({ children }: { children: ReactNode }) {
  return (
    <LoadingFailure>
      <Suspense fallback={<Splash />}>{children}</Suspense>
    </LoadingFailure>
  )
}

type State = { hasFailed: boolean }

class LoadingFailure extends Component<{ children: ReactNode }, State> {
  override state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override render() {
    return this.state.hasFailed ? <Failed /> : this.props.children
  }
}

function Failed() {
  return (
    <main>
      <title>{t`Not shown · Deskbay`}</title>
      <Message
        icon={<IconCloudOff size={36} />}
        title={t`This page could not be shown`}
        text={t`The server may be out of reach, or have a newer version of the page. Load it again.`}
      >
        <Button
          onClick={() => {
            window.location.reload()
          }}
        >
          {t`Load again`}
        </Button>
      </Message>
    </main>
  )
}
