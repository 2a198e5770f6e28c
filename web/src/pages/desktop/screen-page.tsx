import { t } from '@lingui/core/macro'
import '@mantine/core/styles/FloatingIndicator.layer.css'
import '@mantine/core/styles/FloatingIndicator.layer.css'
import '@mantine/core/styles/SegmentedControl.layer.css'
import '@mantine/core/styles/Switch.layer.css'
import '@mantine/core/styles/InlineInput.layer.css'
import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Desktop } from '../../api/client'
import { OwnerMessage } from '../../components/owner-message'
import { StopWarning } from '../../components/stop-warning'
import { useChord } from './use-chord'
import { Handle } from './handle'
import { Overlay } from './overlay'
import { Panel } from './panel'
import { apply, usePreferences } from './preferences'
import { RecordedSign, useEver } from './recorded-sign'
import { Returning } from './returning'
import notices from './returning.module.css'
import classes from './screen.module.css'
import { TouchKeyboard } from './touch-keyboard'
import { useClipboard } from './use-clipboard'
import { useScreen, type Open } from './use-screen'

/** The screen of a running desktop, all over the page, with a panel that stays out of the way. */
export function ScreenPage({ desktop, open }: { desktop: Desktop; open: Open }) {
  const target = useRef<HTMLDivElement>(null)
  const { link, screen, retryNow } = useScreen(desktop.id, target, open)
  const [preferences, change] = usePreferences()
  const [isPanelOpen, setPanelOpen] = useState(false)
  const isRecorded = useEver(desktop.is_recorded)
  const clipboard = useClipboard(screen, preferences.sharesClipboard)
  useChord(() => {
    setPanelOpen((isOpen) => !isOpen)
  })
  useEffect(() => {
    if (screen) apply(screen, preferences)
  }, [screen, preferences])
  useEffect(() => {
    if (!isPanelOpen) screen?.focus()
  }, [screen, isPanelOpen])
  return (
    <main className={classes.page}>
      <title>{`${desktop.name} · Deskbay`}</title>
      <VisuallyHidden component="h1">{desktop.name}</VisuallyHidden>
      <div
        ref={target}
        className={classes.screen}
        data-live={link.phase === 'connected' || undefined}
        role="application"
        aria-label={t`Screen of ${desktop.name}. Press Ctrl, Alt and Shift together for the panel.`}
      />
      {isRecorded && <RecordedSign />}
      <Overlay desktop={desktop} link={link} onRetry={retryNow} />
      <div className={notices.notices}>
        <StopWarning desktop={desktop} />
        <OwnerMessage desktop={desktop} />
        {desktop.restore && <Returning run={desktop.restore} />}
      </div>
      {!isPanelOpen && (
        <>
          <Handle
            onOpen={() => {
              setPanelOpen(true)
            }}
          />
          {screen && <TouchKeyboard keyboard={screen} />}
        </>
      )}
      {isPanelOpen && (
        <Panel
          desktop={desktop}
          keyboard={screen}
          preferences={preferences}
          onChange={change}
          clipboard={clipboard}
          onClose={() => {
            setPanelOpen(false)
          }}
        />
      )}
    </main>
  )
}
