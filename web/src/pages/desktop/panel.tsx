import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Button, SegmentedControl, Switch, Textarea } from '@mantine/core'
import { useFullscreenDocument } from '@mantine/hooks'
import {
  IconArrowsMaximize, IconArrowsMinimize, IconDoorExit, IconPlayerStop, IconX,
} from '@tabler/icons-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import type { Desktop } from '../../api/client'
import { useStop } from '../../api/queries'
import { clipboardWords, type Policy } from '../../components/clipboard-words'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { volumeWords } from '../../components/volume-words'
import { keys, sendTogether, type Keyboard } from './keys'
import { lockKeyboard } from './lock-keyboard'
import classes from './panel.module.css'
import type { Preferences, Quality, Scaling } from './preferences'
import { canShareClipboard } from './use-clipboard'

type Clipboard = { text: string; setText: (text: string) => void }
type Props = {
  desktop: Desktop
  keyboard: Keyboard | null
  preferences: Preferences
  onChange: (change: Partial<Preferences>) => void
  clipboard: Clipboard
  onClose: () => void
}

/** Everything about the view of a desktop that is not the desktop. */
export function Panel({ desktop, keyboard, preferences, onChange, clipboard, onClose }: Props) {
  const closeButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    closeButton.current?.focus()
  }, [])
  useEscape(onClose)
  return (
    <aside className={classes.panel} aria-label={t`Panel`}>
      <header className={classes.head}>
        <h2>{desktop.name}</h2>
        <ActionIcon ref={closeButton} variant="subtle" color="gray" size="lg" aria-label={t`Close the panel`} onClick={onClose}>
          <IconX size={20} aria-hidden="true" />
        </ActionIcon>
      </header>
      <SizePart preferences={preferences} onChange={onChange} />
      {desktop.protocol === 'vnc' && <PicturePart preferences={preferences} onChange={onChange} />}
      <ClipboardPart policy={desktop.clipboard} clipboard={clipboard} preferences={preferences} onChange={onChange} />
      <KeysPart keyboard={keyboard} />
      <StoragePart desktop={desktop} />
      <LeavePart desktop={desktop} />
      <p className={classes.hint}>
        <Trans><kbd>Ctrl</kbd> + <kbd>Alt</kbd> + <kbd>Shift</kbd> opens and closes this panel.</Trans>
      </p>
    </aside>
  )
}

function useEscape(run: () => void): void {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') run()
    }
    window.addEventListener('keydown', close)
    return () => {
      window.removeEventListener('keydown', close)
    }
  }, [run])
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={classes.part} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

const scalings = inOwnLanguage((): { value: Scaling; label: string }[] => [
  { value: 'resize', label: t`Resize` },
  { value: 'fit', label: t`Fit` },
  { value: 'actual', label: '1:1' },
])
const scalingMeanings = inOwnLanguage((): Record<Scaling, string> => ({
  resize: t`The desktop takes the size of this window.`,
  fit: t`The desktop keeps its size and is scaled to this window.`,
  actual: t`Each of its pixels is one of yours; scroll to see the rest.`,
}))
const qualities = inOwnLanguage((): { value: Quality; label: string }[] => [
  { value: 'fast', label: t`Fast` },
  { value: 'balanced', label: t`Balanced` },
  { value: 'sharp', label: t`Sharp` },
])

type Choice = Pick<Props, 'preferences' | 'onChange'>

function SizePart({ preferences, onChange }: Choice) {
  return (
    <Part title={t`Size`}>
      <SegmentedControl
        fullWidth
        aria-label={t`Size`}
        data={scalings()}
        value={preferences.scaling}
        onChange={(scaling) => {
          onChange({ scaling })
        }}
      />
      <p className={classes.meaning}>{scalingMeanings()[preferences.scaling]}</p>
      <FullScreenButton />
    </Part>
  )
}

function PicturePart({ preferences, onChange }: Choice) {
  return (
    <Part title={t`Picture`}>
      <SegmentedControl
        fullWidth
        aria-label={t`Picture`}
        data={qualities()}
        value={preferences.quality}
        onChange={(quality) => {
          onChange({ quality })
        }}
      />
    </Part>
  )
}

function FullScreenButton() {
  const { fullscreen, toggle } = useFullscreenDocument()
  useEffect(() => {
    if (fullscreen) lockKeyboard()
  }, [fullscreen])
  const Icon = fullscreen ? IconArrowsMinimize : IconArrowsMaximize
  return (
    <Button variant="default" leftSection={<Icon size={18} aria-hidden="true" />} onClick={() => void toggle()}>
      {fullscreen ? t`Leave full screen` : t`Full screen`}
    </Button>
  )
}

const clipboardHints = inOwnLanguage((): Record<Policy, string> => ({
  both: t`What you copy in the desktop shows here; what you write here can be pasted there.`,
  in: t`What you write here can be pasted in the desktop.`,
  out: t`What you copy in the desktop shows here.`,
  none: '',
}))

type ClipboardProps = Choice & { policy: Policy; clipboard: Clipboard }

function ClipboardPart({ policy, clipboard, preferences, onChange }: ClipboardProps) {
  if (policy === 'none') {
    return (
      <Part title={t`Clipboard`}>
        <p className={classes.meaning}>{clipboardWords().none}</p>
      </Part>
    )
  }
  return (
    <Part title={t`Clipboard`}>
      {policy !== 'both' && <p className={classes.meaning}>{clipboardWords()[policy]}</p>}
      <Textarea
        aria-label={t`Clipboard of the desktop`}
        placeholder={clipboardHints()[policy]}
        readOnly={policy === 'out'}
        autosize={false}
        rows={4}
        spellCheck={false}
        value={clipboard.text}
        onChange={(event) => {
          clipboard.setText(event.currentTarget.value)
        }}
      />
      {canShareClipboard ? (
        <Switch
          label={t`Share with this computer`}
          checked={preferences.sharesClipboard}
          onChange={(event) => {
            onChange({ sharesClipboard: event.currentTarget.checked })
          }}
        />
      ) : (
        <p className={classes.meaning}>{t`Over HTTPS it can be kept level with this computer's clipboard.`}</p>
      )}
    </Part>
  )
}

const combinations = inOwnLanguage(() => [
  { label: t`Ctrl + Alt + Del`, keys: [keys.control, keys.alt, keys.delete] },
  { label: 'Alt + Tab', keys: [keys.alt, keys.tab] },
  { label: 'Super', keys: [keys.super] },
  { label: 'Esc', keys: [keys.escape] },
])

function KeysPart({ keyboard }: { keyboard: Keyboard | null }) {
  return (
    <Part title={t`Send keys`}>
      <div className={classes.keys}>
        {combinations().map(({ label, keys: combination }) => (
          <Button
            key={label}
            variant="default"
            size="xs"
            disabled={!keyboard}
            onClick={() => {
              if (keyboard) sendTogether(keyboard, combination)
            }}
          >
            {label}
          </Button>
        ))}
      </div>
    </Part>
  )
}

function StoragePart({ desktop }: { desktop: Desktop }) {
  if (desktop.volumes.length === 0) return null
  return (
    <Part title={t`Storage`}>
      <p className={classes.meaning}>{volumeWords(desktop)}</p>
    </Part>
  )
}

function LeavePart({ desktop }: { desktop: Desktop }) {
  const navigate = useNavigate()
  const stop = useStop()
  const disconnect = () => {
    showDone(t`${desktop.name} keeps running.`, {
      label: t`Open it again`,
      run: () => void navigate(`/desktops/${desktop.id}`),
    })
    void navigate('/')
  }
  return (
    <Part title={t`Leave`}>
      <Button leftSection={<IconDoorExit size={18} aria-hidden="true" />} onClick={disconnect}>
        {t`Disconnect`}
      </Button>
      <p className={classes.meaning}>{t`The desktop keeps running.`}</p>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={18} aria-hidden="true" />}
        loading={stop.isPending}
        onClick={() => {
          stop.mutate(desktop.id, { onError: showProblem })
        }}
      >
        {t`Stop`}
      </Button>
      <p className={classes.meaning}>{t`Its programs end; the files in your home folder stay.`}</p>
    </Part>
  )
}
