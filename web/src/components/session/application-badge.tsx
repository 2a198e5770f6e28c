import {
  IconBrandChrome, IconBrandFirefox, IconCalculator, IconFileText, IconFolder, IconPhoto, IconTable, IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react'
import classes from './application-badge.module.css'
import { initials } from './initials'

const known: [RegExp, TablerIcon][] = [
  [/chrom/, IconBrandChrome],
  [/firefox/, IconBrandFirefox],
  [/calculator|galculator|kcalc/, IconCalculator],
  [/calc|excel|gnumeric/, IconTable],
  [/writer|word|mousepad|gedit|kate|notepad|text/, IconFileText],
  [/term|konsole|cmd\b|powershell/, IconTerminal2],
  [/thunar|nautilus|dolphin|pcmanfm|explorer|finder/, IconFolder],
  [/gimp|photo|image|ristretto/, IconPhoto],
]

type Props = { application: string; name: string }

/** An application by its picture, or its initials where we carry none, and its name. */
export function ApplicationBadge({ application, name }: Props) {
  const Icon = known.find(([pattern]) => pattern.test(application.toLowerCase()))?.[1]
  return (
    <span className={classes.badge} title={application}>
      <span className={classes.picture} aria-hidden="true">
        {Icon ? <Icon size={15} stroke={1.8} /> : initials(name)}
      </span>
      <span className={classes.name}>{name}</span>
    </span>
  )
}
