import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { Link, useLocation, useSearchParams } from 'react-router'
import classes from './pages.module.css'

/** How far one has come, kept with the page's history: the cursors of the pages before, the first of which has none. */
type Trail = { before: string[]; seen: number }

type Props = { total: number; shown: number; next: number | null }

/** Leads through a long list page by page. An address in the middle that was opened anew leads back to the start. */
export function Pages({ total, shown, next }: Props) {
  const [address] = useSearchParams()
  const location = useLocation()
  const trail = (location.state as Trail | null) ?? { before: [], seen: 0 }
  const cursor = address.get('cursor') ?? ''
  const to = (other: string) => {
    const params = new URLSearchParams(address)
    if (other === '') params.delete('cursor')
    else params.set('cursor', other)
    return { search: params.toString() }
  }
  const count = trail.seen > 0 || cursor === '' ? t`${trail.seen + 1}–${trail.seen + shown} of ${total}` : t`of ${total}`
  return (
    <nav className={classes.pages} aria-label={t`Pages of the list`}>
      <span>{count}</span>
      {cursor !== '' && (
        <Button
          component={Link}
          to={to(trail.before.at(-1) ?? '')}
          state={{ before: trail.before.slice(0, -1), seen: Math.max(0, trail.seen - pageLength(trail, shown)) }}
          variant="default"
          leftSection={<IconChevronLeft size={17} aria-hidden="true" />}
        >
          {trail.before.length > 0 ? t`Previous` : t`To the first page`}
        </Button>
      )}
      {next !== null && (
        <Button
          component={Link}
          to={to(String(next))}
          state={{ before: [...trail.before, cursor], seen: trail.seen + shown }}
          variant="default"
          rightSection={<IconChevronRight size={17} aria-hidden="true" />}
        >
          {t`Next`}
        </Button>
      )}
    </nav>
  )
}

/** Pages but the last are full: all before were as long. */
function pageLength({ before, seen }: Trail, shown: number): number {
  return before.length > 0 ? seen / before.length : shown
}
