import { t } from '@lingui/core/macro'
import { ActionIcon, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import { inOwnLanguage } from './own-language'

const schemes = inOwnLanguage(() => ({
  auto: { Icon: IconDeviceDesktop, word: t`as the system`, next: 'light' },
  light: { Icon: IconSun, word: t`light`, next: 'dark' },
  dark: { Icon: IconMoon, word: t`dark`, next: 'auto' },
} as const satisfies Record<MantineColorScheme, unknown>))

type Props = { onChoose?: (scheme: MantineColorScheme) => void }

/** Goes from the system's colours to light, to dark, and round again. */
export function SchemeToggle({ onChoose }: Props) {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const { Icon, word, next } = schemes()[colorScheme]
  const label = t`Colours: ${word}. Change to ${schemes()[next].word}`
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => {
        setColorScheme(next)
        onChoose?.(next)
      }}
    >
      <Icon size={19} stroke={1.8} aria-hidden="true" />
    </ActionIcon>
  )
}
