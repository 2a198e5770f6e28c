import { t } from '@lingui/core/macro'

const up = new Set(['starting', 'running'])

/** Whether a desktop is started again when it gets or loses a volume. */
export function isRunning(state: string): boolean {
  return up.has(state)
}

/** What is to be known before that. */
export function restartWarning(name: string, how: 'with' | 'without'): string {
  const what =
    how === 'with'
      ? t`${name} runs: it is ended and started again with the volume, which takes some seconds.`
      : t`${name} runs: it is ended and started again without the volume, which takes some seconds.`
  return [what, t`Files in its home and on the volume stay; save first what is open in its programs.`].join(' ')
}
