import { plural, t } from '@lingui/core/macro'
import { IconAlertTriangle, IconPencil, IconPlus } from '@tabler/icons-react'
import type { Import } from '../../api/devices'
import classes from './devices.module.css'
import { linesOf, wrongRows, type Line } from './import-text'

const mostShown = 500
const looks = {
  wrong: { Icon: IconAlertTriangle, tone: 'bad' },
  new: { Icon: IconPlus, tone: 'good' },
  known: { Icon: IconPencil, tone: undefined },
} as const

/** What each row of the file would do, the wrong ones first. */
export function ImportPreview({ file, answer }: { file: string; answer: Import }) {
  const lines = linesOf(file, answer)
  const news = answer.devices.filter(({ is_new }) => is_new).length
  return (
    <>
      <p role="status">
        {plural(news, { one: '# new device', other: '# new devices' })}, {t`${answer.devices.length - news} there already`},{' '}
        {t`${wrongRows(answer.errors.length)}. Nothing is written yet.`}
      </p>
      <section className={classes.preview} aria-label={t`Rows of the file`} tabIndex={-1}>
        <table>
          <thead>
            <tr>
              <th scope="col" className={classes.number}>
                {t`Line`}
              </th>
              <th scope="col">{t({ message: 'Row', context: 'of a file' })}</th>
              <th scope="col">{t`What becomes of it`}</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, mostShown).map((line) => (
              <LineRow key={line.number} line={line} />
            ))}
          </tbody>
        </table>
      </section>
      {lines.length > mostShown && <p>{t`The first ${mostShown} of ${lines.length} rows are shown.`}</p>}
    </>
  )
}

function LineRow({ line: { number, text, outcome, message } }: { line: Line }) {
  const { Icon, tone } = looks[outcome]
  return (
    <tr>
      <td className={classes.number}>{number}</td>
      <td>
        <code>{text}</code>
      </td>
      <td>
        <span className={classes.mark} data-tone={tone}>
          <Icon size={16} aria-hidden="true" />
          {message}
        </span>
      </td>
    </tr>
  )
}
