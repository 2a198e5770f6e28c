import { t } from '@lingui/core/macro'
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'react-router'
import { verifyQuery } from '../../api/account'
import { messageOf } from '../../api/problem'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'

/** Verifies an address by a link of a mail, whose token is in the fragment. */
export default function VerifyPage() {
  const { isPending, error } = useQuery(verifyQuery(useLocation().hash.slice(1)))
  if (isPending) {
    return (
      <Doorway title={t`One moment`}>
        <Loader role="img" aria-label={t`Verifying your address`} />
      </Doorway>
    )
  }
  return (
    <Doorway title={error ? t`This link did not work` : t`Your address is verified`}>
      <div className={form.form}>
        {error && <p role="alert">{messageOf(error)}</p>}
        <Button component={Link} to="/profile" replace size="md">
          {t`To your profile`}
        </Button>
      </div>
    </Doorway>
  )
}
