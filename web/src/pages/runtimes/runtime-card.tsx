import { t } from '@lingui/core/macro'
import { Button, Menu } from '@mantine/core'
import { IconCircleCheck, IconHandStop, IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react'
import { changeOf, useChangeRuntime, useTestRuntime, type Runtime } from '../../api/runtimes'
import { messageOf } from '../../api/problem'
import cards from '../../components/cards.module.css'
import { Meter } from '../../components/meter'
import { MoreMenu } from '../../components/more-menu'
import { showDone, showProblem } from '../../components/notices'
import { toOneDecimal } from '../../components/own-language'
import { memoryWords } from '../../components/size-words'
import { Pill, type Look } from '../../components/status'
import status from '../../components/status.module.css'
import classes from './runtimes.module.css'

type Props = { runtime: Runtime; onEdit: () => void; onRemove: () => void }

/** A runtime: how full it is, and what can be done with it. */
export function RuntimeCard({ runtime, onEdit, onRemove }: Props) {
  const { slug, kind, labels, load, desktops, memory_mb, cpus } = runtime
  return (
    <article className={cards.card} aria-label={slug}>
      <div className={cards.heading}>
        <h2 title={slug}>{slug}</h2>
        <Pill {...lookOf(runtime)} />
      </div>
      <ul className={classes.labels} aria-label={t`Kind and labels`}>
        <li className={classes.kind}>{kind}</li>
        {labels.map((label) => (
          <li key={label}>{label}</li>
        ))}
      </ul>
      <Meter label={t`Desktops`} used={load.desktops} of={desktops ?? null} words={String} />
      <Meter label={t`Memory`} used={load.memory_mb} of={memory_mb ?? null} words={memoryWords} />
      <Meter label={t`Processors`} used={load.cpus} of={cpus ?? null} words={toOneDecimal} />
      <Actions runtime={runtime} onEdit={onEdit} onRemove={onRemove} />
    </article>
  )
}

function lookOf({ is_drained }: Runtime): Look {
  return is_drained
    ? { word: t`Drained`, Icon: IconHandStop, tone: status.quiet }
    : { word: t`Takes desktops`, Icon: IconCircleCheck, tone: status.good }
}

function Actions({ runtime, onEdit, onRemove }: Props) {
  const test = useTestRuntime()
  return (
    <>
      <div className={classes.actions}>
        <Button
          variant="light"
          leftSection={<IconPlugConnected size={18} aria-hidden="true" />}
          aria-label={t`Test the connection to ${runtime.slug}`}
          loading={test.isPending}
          onClick={() => {
            test.mutate(runtime.id)
          }}
        >
          {t`Test`}
        </Button>
        <MoreMenu name={runtime.slug}>
          <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={onEdit}>
            {t`Edit…`}
          </Menu.Item>
          <DrainItem runtime={runtime} />
          <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={onRemove}>
            {t`Remove…`}
          </Menu.Item>
        </MoreMenu>
      </div>
      {test.data?.proposal && (
        <Believe
          runtime={runtime}
          proposal={test.data.proposal}
          onDone={() => {
            test.mutate(runtime.id)
          }}
        />
      )}
      <p role="status" className={classes.answer} data-bad={test.error !== null || test.data?.answers === false}>
        {test.error ? messageOf(test.error) : test.data?.detail}
      </p>
    </>
  )
}

type BelieveProps = { runtime: Runtime; proposal: Record<string, string>; onDone: () => void }

/** Shows what a runtime says of itself, to be believed from now on when somebody has looked at it. */
function Believe({ runtime, proposal, onDone }: BelieveProps) {
  const change = useChangeRuntime()
  const accept = () => {
    const whole = changeOf(runtime)
    change
      .mutateAsync({ id: runtime.id, change: { ...whole, settings: { ...whole.settings, ...proposal } } })
      .then(onDone, showProblem)
  }
  return (
    <div className={classes.proposal}>
      {Object.entries(proposal).map(([name, value]) => (
        <p key={name}>
          {name.replaceAll('_', ' ')}: <code>{value}</code>
        </p>
      ))}
      <Button variant="default" size="xs" loading={change.isPending} onClick={accept}>
        {t`Accept, and test again`}
      </Button>
    </div>
  )
}

function DrainItem({ runtime }: { runtime: Runtime }) {
  const change = useChangeRuntime()
  const { id, slug, is_drained } = runtime
  const set = (isDrained: boolean) =>
    change.mutateAsync({ id, change: { ...changeOf(runtime), is_drained: isDrained } })
  const drain = () => {
    set(true).then(() => {
      showDone(t`${slug} gets no more desktops; those that run go on.`, {
        label: t`Let it take desktops`,
        run: () => {
          set(false).catch(showProblem)
        },
      })
    }, showProblem)
  }
  const undrain = () => {
    set(false).then(() => {
      showDone(t`${slug} takes desktops again.`)
    }, showProblem)
  }
  const Icon = is_drained ? IconCircleCheck : IconHandStop
  return (
    <Menu.Item leftSection={<Icon size={17} aria-hidden="true" />} onClick={is_drained ? undrain : drain}>
      {is_drained ? t`Let it take desktops` : t`Drain`}
    </Menu.Item>
  )
}
