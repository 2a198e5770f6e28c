import { t } from '@lingui/core/macro'
import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconBan, IconCircleCheck, IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useDeleteTemplate, useOrderTemplates, type TemplateDetails } from '../../api/templates'
import table from '../../components/data-table.module.css'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'
import { cpuWords, memoryWords } from '../../components/size-words'
import { Pill, type Look } from '../../components/status'
import status from '../../components/status.module.css'
import { TemplateIcon } from '../../components/template-icon'
import { moved, movedCategory, shelvesOf, type Shelf } from './order'
import { TemplateMenu } from './template-menu'
import classes from './templates.module.css'

/** The templates found, on a shelf for each category. They are put into order while all are shown. */
export function Shelves({ found, all }: { found: TemplateDetails[]; all: TemplateDetails[] }) {
  const [deleting, setDeleting] = useState<TemplateDetails | null>(null)
  const order = useOrderTemplates()
  const shelves = shelvesOf(found)
  const isWhole = found.length === all.length
  const put = (ids: number[]) => {
    order.mutate(ids, { onError: showProblem })
  }
  return (
    <>
      {shelves.map((shelf, index) => (
        <section key={shelf.category} className={classes.shelf} aria-label={shelf.category}>
          <div className={classes.shelfHead}>
            <h2>{shelf.category}</h2>
            {isWhole && (
              <Movers
                what={t`the category ${shelf.category}`}
                isFirst={index === 0}
                isLast={index === shelves.length - 1}
                onMove={(by) => {
                  put(movedCategory(shelves, shelf.category, by))
                }}
              />
            )}
          </div>
          <Table
            shelf={shelf}
            onMove={
              isWhole
                ? (id, by) => {
                    put(moved(shelves, id, by))
                  }
                : null
            }
            onDelete={setDeleting}
          />
        </section>
      ))}
      {deleting && (
        <DeleteTemplate
          template={deleting}
          onClose={() => {
            setDeleting(null)
          }}
        />
      )}
    </>
  )
}

type MoversProps = { what: string; isFirst: boolean; isLast: boolean; onMove: (by: -1 | 1) => void }

function Movers({ what, isFirst, isLast, onMove }: MoversProps) {
  const ways = [
    { name: t`Move ${what} up`, by: -1, Icon: IconArrowUp, isEnd: isFirst },
    { name: t`Move ${what} down`, by: 1, Icon: IconArrowDown, isEnd: isLast },
  ] as const
  return (
    <span className={classes.movers}>
      {ways.map(({ name, by, Icon, isEnd }) => (
        <ActionIcon
          key={name}
          variant="subtle"
          color="gray"
          size={30}
          aria-label={name}
          disabled={isEnd}
          onClick={() => {
            onMove(by)
          }}
        >
          <Icon size={17} aria-hidden="true" />
        </ActionIcon>
      ))}
    </span>
  )
}

type TableProps = {
  shelf: Shelf
  onMove: ((id: number, by: -1 | 1) => void) | null
  onDelete: (template: TemplateDetails) => void
}

function Table({ shelf: { category, templates }, onMove, onDelete }: TableProps) {
  return (
    <table className={`${table.table} ${classes.table}`} aria-label={category}>
      <thead>
        <tr>
          <th scope="col" className={classes.template}>{t`Template`}</th>
          <th scope="col">{t`Status`}</th>
          <th scope="col" className={classes.size}>{t`Size`}</th>
          <th scope="col" className={classes.for}>{t`For`}</th>
          <th scope="col" className={classes.desktops}>{t`Desktops`}</th>
          <th scope="col">
            <span className={classes.hidden}>{t`What to do`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {templates.map((template, index) => (
          <tr key={template.id}>
            <th scope="row" className={classes.template}>
              <span className={classes.icon}>
                <TemplateIcon name={template.icon} size={19} />
              </span>
              <Link to={`/templates/${template.id}`}>{template.name}</Link>
            </th>
            <td title={template.unavailable_reason ?? undefined}>
              <Pill {...lookOf(template)} />
            </td>
            <td className={classes.size}>
              {memoryWords(template.memory_mb)} · {cpuWords(template.cpus)}
            </td>
            <td className={classes.for}>{peopleWords(template)}</td>
            <td className={classes.desktops}>{template.desktops}</td>
            <td className={classes.actions}>
              {onMove && (
                <Movers
                  what={template.name}
                  isFirst={index === 0}
                  isLast={index === templates.length - 1}
                  onMove={(by) => {
                    onMove(template.id, by)
                  }}
                />
              )}
              <TemplateMenu template={template} onDelete={onDelete} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function lookOf({ is_disabled, unavailable_reason }: TemplateDetails): Look {
  if (is_disabled) return { word: t`Disabled`, Icon: IconBan, tone: status.quiet }
  if (unavailable_reason) return { word: t`Not available`, Icon: IconAlertTriangle, tone: status.bad }
  return { word: t`Offered`, Icon: IconCircleCheck, tone: status.good }
}

function peopleWords({ is_for_everyone, allowed_users, allowed_groups }: TemplateDetails): string {
  if (is_for_everyone) return t`everyone`
  const named = [...allowed_groups.map(({ name }) => name), ...allowed_users.map(({ username }) => username)]
  return named.length > 0 ? named.join(', ') : t`administrators`
}

function DeleteTemplate({ template, onClose }: { template: TemplateDetails; onClose: () => void }) {
  const remove = useDeleteTemplate()
  return (
    <Dialog title={t`Delete ${template.name}?`} isOpen onClose={onClose}>
      <DeleteForm
        name={template.name}
        isBusy={remove.isPending}
        onClose={onClose}
        onDelete={() => {
          remove.mutateAsync(template.id).then(() => {
            onClose()
            showDone(t`${template.name} is deleted.`)
          }, showProblem)
        }}
      >
        {t`Nobody can launch it any more. To keep it for later, disable it instead.`}
      </DeleteForm>
    </Dialog>
  )
}
