import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trackingQuery, useChooseTracking } from '../../api/tracking'
import { question } from '../../components/collected-words'
import { showProblem } from '../../components/notices'
import classes from './consent-question.module.css'

/** Asks once, where a group of the person's waits for their word. */
export function ConsentQuestion() {
  const { data: tracking } = useQuery(trackingQuery)
  const choose = useChooseTracking()
  if (!tracking?.is_asked) return null
  const answer = (consent: boolean) => {
    const { excluded_applications, paused_until } = tracking
    choose.mutate({ consent, excluded_applications, paused_until }, { onError: showProblem })
  }
  return (
    <section className={classes.question} aria-label={t`Consent`}>
      <IconEye size={20} aria-hidden="true" />
      <p>
        <Trans>{question(tracking)} You can change your mind at any time: <Link to="/my-devices#collected">what is collected</Link>.</Trans>
      </p>
      <div className={classes.answers}>
        <Button
          variant="default"
          disabled={choose.isPending}
          onClick={() => {
            answer(false)
          }}
        >
          {t`No`}
        </Button>
        <Button
          disabled={choose.isPending}
          onClick={() => {
            answer(true)
          }}
        >
          {t`I consent`}
        </Button>
      </div>
    </section>
  )
}
