import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { logQuery } from '../../api/queries'
import classes from './launch.module.css'

const renewEvery = 1000
const terminalColours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** What the desktop's programs said while they started, read again as long as it goes on. */
export function Log({ id, isGoingOn }: { id: number; isGoingOn: boolean }) {
  const { data: lines } = useQuery({ ...logQuery(id), refetchInterval: isGoingOn && renewEvery })
  const box = useRef<HTMLPreElement>(null)
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  if (!lines?.length) return null
  return (
    <details className={classes.log} open={!isGoingOn}>
      <summary>{t`Log`}</summary>
      {/* Scrolls, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={box} tabIndex={0} role="region" aria-label={t`Log of the launch`}>
        {lines.map(withoutColours).join('\n')}
      </pre>
    </details>
  )
}

/** A line without the codes that colour it on a terminal. */
export function withoutColours(line: string): string {
  return line.replace(terminalColours, '')
}
