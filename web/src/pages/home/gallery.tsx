import { Button, Chip, Skeleton, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Template } from '../../api/client'
import { templatesQuery } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { SearchField } from '../../components/search-field'
import { categoriesOf, everything, matching } from './find-templates'
import classes from './home.module.css'
import { TemplateCard } from './template-card'

export function Gallery() {
  const { data, error, isPending, refetch } = useQuery(templatesQuery)
  return (
    <section id="gallery" className={classes.gallery} aria-labelledby="gallery-title" tabIndex={-1}>
      {data && <Choice templates={data} />}
      {!data && <GalleryTitle />}
      {isPending && <Skeleton height={180} radius={16} aria-hidden="true" />}
      {error && !data && (
        <LoadFailure title="The templates could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
    </section>
  )
}

function GalleryTitle() {
  return <h2 id="gallery-title">Launch a desktop</h2>
}

function Choice({ templates }: { templates: Template[] }) {
  const [category, setCategory] = useState(everything)
  const [text, setText] = useState('')
  const found = matching(templates, category, text)
  const clear = () => {
    setCategory(everything)
    setText('')
  }
  return (
    <>
      <div className={classes.galleryHead}>
        <GalleryTitle />
        <Categories templates={templates} chosen={category} onChoose={setCategory} />
        <SearchField label="Search the templates" text={text} onChange={setText} />
      </div>
      <VisuallyHidden role="status">{found.length === 1 ? '1 template' : `${found.length} templates`}</VisuallyHidden>
      <ul className={cards.cards}>
        {found.map((template) => (
          <li key={template.id}>
            <TemplateCard template={template} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <NothingFound hasTemplates={templates.length > 0} onClear={clear} />}
    </>
  )
}

type CategoriesProps = { templates: Template[]; chosen: string; onChoose: (category: string) => void }

function Categories({ templates, chosen, onChoose }: CategoriesProps) {
  const categories = categoriesOf(templates)
  if (categories.length < 2) return null
  return (
    <div role="radiogroup" aria-label="Category" className={classes.chips}>
      <Chip.Group value={chosen} onChange={onChoose}>
        {[everything, ...categories].map((category) => (
          <Chip key={category} value={category} size="sm" variant="light">
            {category}
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
          ? 'No template has all of these words.'
          : 'There are no templates for you yet. An administrator can offer you some.'
      }
    >
      {hasTemplates && (
        <Button variant="light" onClick={onClear}>
          Show all
        </Button>
      )}
    </Empty>
  )
}
