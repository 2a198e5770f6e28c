import {
  IconBrandChrome, IconBrandEdge, IconBrandFirefox, IconBrandPython, IconBrandSafari, IconBrandVscode, IconCalculator,
  IconCode, IconFileText, IconFileTypePdf, IconFolder, IconMail, IconMusic, IconPhoto, IconPresentation, IconTable,
  IconTerminal2, IconVideo, type TablerIcon,
} from '@tabler/icons-react'
import classes from './application-badge.module.css'
import { initials } from './initials'

const known: [RegExp, TablerIcon][] = [
  [/chrom/, IconBrandChrome],
  [/firefox/, IconBrandFirefox],
  [/edge/, IconBrandEdge],
  [/safari/, IconBrandSafari],
  [/^code|codium|vscode/, IconBrandVscode],
  [/idle|jupyter|spyder|thonny/, IconBrandPython],
  [/geany|emacs|vim|eclipse|idea|pycharm|kdevelop/, IconCode],
  [/calculator|galculator|kcalc/, IconCalculator],
  [/calc|excel|gnumeric/, IconTable],
  [/impress|powerpoint|keynote/, IconPresentation],
  [/evince|okular|xpdf|acrobat|papers/, IconFileTypePdf],
  [/writer|word|mousepad|gedit|kate|notepad|text|libreoffice|soffice/, IconFileText],
  [/term|konsole|cmd\b|powershell/, IconTerminal2],
  [/thunar|nautilus|dolphin|pcmanfm|explorer|finder|files/, IconFolder],
  [/thunderbird|evolution|outlook|mail/, IconMail],
  [/vlc|mpv|totem|video/, IconVideo],
  [/audacity|rhythmbox|music|spotify/, IconMusic],
  [/gimp|inkscape|krita|photo|image|ristretto/, IconPhoto],
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
