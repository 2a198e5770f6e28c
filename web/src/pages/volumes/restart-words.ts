const up = new Set(['starting', 'running'])

/** Whether a desktop is started again when it gets or loses a volume. */
export function isRunning(state: string): boolean {
  return up.has(state)
}

/** What is to be known before that. */
export function restartWarning(name: string, how: 'with' | 'without'): string {
  return (
    `${name} runs: it is ended and started again ${how} the volume, which takes some seconds. ` +
    'Files in its home and on the volume stay; save first what is open in its programs.'
  )
}
