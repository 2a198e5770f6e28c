import { t } from '@lingui/core/macro'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Recording } from '../../api/recordings'
import { messageOf } from '../../api/problem'
import { Message } from '../../components/message-page'
import { Controls } from './controls'
import { readFbs } from './fbs'
import type { Player } from './player'
import classes from './recordings.module.css'

type Props = { file: Blob; protocol: Recording['protocol'] }

/** Where a recording is played, with what is pressed below. */
export function Stage({ file, protocol }: Props) {
  const target = useRef<HTMLDivElement>(null)
  const [player, setPlayer] = useState<Player | null>(null)
  const [trouble, setTrouble] = useState<unknown>(null)
  useEffect(() => {
    const element = target.current
    if (!element) return
    let isOver = false
    let opened: Player | null = null
    openPlayer(element, file, protocol).then((made) => {
      if (isOver) made.close()
      else setPlayer((opened = made))
    }, setTrouble)
    return () => {
      isOver = true
      opened?.close()
      setPlayer(null)
    }
  }, [file, protocol])
  if (trouble) {
    return <Message icon={<IconPlugConnectedX size={36} />} title={t`It can’t be played`} text={messageOf(trouble)} />
  }
  return (
    <section className={classes.stage} aria-label={t`Player`}>
      <div ref={target} className={classes.screen} inert />
      <Controls player={player} />
    </section>
  )
}

async function openPlayer(element: HTMLElement, file: Blob, protocol: Recording['protocol']): Promise<Player> {
  if (protocol === 'vnc') {
    const [{ openRfb }, content] = await Promise.all([import('./open-rfb'), file.arrayBuffer()])
    return openRfb(element, readFbs(content))
  }
  const [{ openGuacamole }, content] = await Promise.all([import('./open-guacamole'), file.text()])
  return openGuacamole(element, content)
}
