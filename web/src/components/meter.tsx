import { t } from '@lingui/core/macro'
import classes from './meter.module.css'

type Props = { label: string; used: number; of: number | null; words: (amount: number) => string }

/** How much is used of what there is, in words and as a bar; without a limit there is no bar to fill. */
export function Meter({ label, used, of, words }: Props) {
  const share = of === null || of === 0 ? 0 : Math.min(used / of, 1)
  return (
    <div className={classes.meter}>
      <span>{label}</span>
      <span className={classes.amount}>{of === null ? t`${words(used)}, no limit` : t`${words(used)} of ${words(of)}`}</span>
      <span className={classes.bar} data-open={of === null || undefined} aria-hidden="true">
        <span className={classes.part} data-fill={fillOf(share)} style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  )
}

function fillOf(share: number): 'full' | 'high' | 'low' {
  if (share >= 1) return 'full'
  return share >= 0.8 ? 'high' : 'low'
}
