import { t } from '@lingui/core/macro'
import { ActionIcon, NativeSelect } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useNow } from '../../components/use-now'
import { speeds, type Player } from './player'
import classes from './recordings.module.css'
import { timecode } from './words'

const second = 1000

/** Plays, pauses, goes elsewhere, faster or slower. */
export function Controls({ player }: { player: Player | null }) {
  useChanges(player)
  useNow(250)
  const [position, duration] = [player?.position ?? 0, player?.duration ?? 0]
  const isPlaying = player?.isPlaying ?? false
  const Icon = isPlaying ? IconPlayerPauseFilled : IconPlayerPlayFilled
  return (
    <div className={classes.controls}>
      <ActionIcon
        size={40}
        radius="xl"
        aria-label={isPlaying ? t`Pause` : t`Play`}
        disabled={!player}
        onClick={() => {
          if (isPlaying) player?.pause()
          else player?.play()
        }}
      >
        <Icon size={20} aria-hidden="true" />
      </ActionIcon>
      <input
        type="range"
        className={classes.position}
        aria-label={t`Position`}
        aria-valuetext={t`${timecode(position)} of ${timecode(duration)}`}
        min={0}
        max={Math.max(1, duration)}
        step={second}
        value={position}
        disabled={!player}
        onChange={(event) => player?.seek(Number(event.currentTarget.value))}
      />
      <span className={classes.time}>
        {timecode(position)} / {timecode(duration)}
      </span>
      <NativeSelect
        aria-label={t`Speed`}
        data={speeds.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
        value={player?.speed}
        disabled={!player}
        onChange={(event) => player?.setSpeed(Number(event.currentTarget.value))}
      />
    </div>
  )
}

/** Draws anew when a player tells of a change. */
function useChanges(player: Player | null): void {
  const [, setCount] = useState(0)
  useEffect(() => {
    const count = () => {
      setCount((before) => before + 1)
    }
    player?.addEventListener('change', count)
    return () => player?.removeEventListener('change', count)
  }, [player])
}
