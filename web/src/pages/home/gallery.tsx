import { plural, t } from '@lingui/core/macro'
import { Button, Chip, Skeleton, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Template } from '../../api/client'
import { templatesQuery } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { SearchField } from '../../components/search-field'
import { everything, matching, shelvesOf, type Shelf } from './find-templates'
import classes from './home.module.css'
import { TemplateCard } from './template-card'

const LaunchDialog = lazy(() => import('./launch-dialog'))

export function Gallery() {
  const { data, error, isPending, refetch } = useQuery(templatesQuery)
  return (
    <section id="gallery" className={classes.gallery} aria-labelledby="gallery-title" tabIndex={-1}>
      {data && <Choice templates={data} />}
      {!data && <GalleryTitle />}
      {isPending && <Skeleton height={180} radius={16} aria-hidden="true" />}
      {error && !data && (
        <LoadFailure title={t`The templates could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
    </section>
  )
}

function GalleryTitle() {
  return <h2 id="gallery-title">{t`Launch a desktop`}</h2>
}

function Choice({ templates }: { templates: Template[] }) {
  const [chosen, setShelf] = useState(everything().key)
  const [text, setText] = useState('')
  const [choosing, setChoosing] = useState<Template | null>(null)
  const shelves = shelvesOf(templates)
  const shelf = shelves.some(({ key }) => key === chosen) ? chosen : everything().key
  const found = matching(templates, shelf, text)
  const clear = () => {
    setShelf(everything().key)
    setText('')
  }
  return (
    <>
      <div className={classes.galleryHead}>
        <GalleryTitle />
        <Shelves shelves={shelves} chosen={shelf} onChoose={setShelf} />
        <SearchField label={t`Search the templates`} text={text} onChange={setText} />
      </div>
      <VisuallyHidden role="status">{plural(found.length, { one: '# template', other: '# templates' })}</VisuallyHidden>
      <ul className={cards.cards}>
        {found.map((template) => (
          <li key={template.id}>
            <TemplateCard
              template={template}
              onChoose={() => {
                setChoosing(template)
              }}
            />
          </li>
        ))}
      </ul>
      {found.length === 0 && <NothingFound hasTemplates={templates.length > 0} onClear={clear} />}
      {choosing && (
        <Suspense>
          <LaunchDialog
            template={choosing}
            onClose={() => {
              setChoosing(null)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

type ShelvesProps = { shelves: Shelf[]; chosen: string; onChoose: (shelf: string) => void }

function Shelves({ shelves, chosen, onChoose }: ShelvesProps) {
  if (shelves.length < 2) return null
  return (
    <div role="radiogroup" aria-label={t`Category`} className={classes.chips}>
      <Chip.Group value={chosen} onChange={onChoose}>
        {shelves.map(({ key, name }) => (
          <Chip key={key} value={key} size="sm" variant="light">
            {name}
          </Chip>
        ))}
      </Chip.Group>
    </div>
  )
}

function NothingFound({ hasTemplates, onClear }: { hasTemplates: boolean; onClear: () => void }) {
  return (
    <Empty
      text={
        hasTemplates
          ? t`No template has all of these words.`
          : t`There are no templates for you yet. An administrator can offer you some.`
      }
    >
      {hasTemplates && (
        <Button variant="light" onClick={onClear}>
          {t`Show all`}
        </Button>
      )}
    </Empty>
  )
}
