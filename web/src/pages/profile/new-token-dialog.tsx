import { t } from '@lingui/core/macro'
import type { Reach } from '../../api/rights'
import { useCreateToken } from '../../api/tokens'
import { inOwnLanguage } from '../../components/own-language'
import { useUser } from '../../components/signed-in'
import { TokenDialog } from '../../components/tokens/token-dialog'

const words = inOwnLanguage((): Record<Reach, string> => ({ own: t`my own`, group: t`those of people I look after`, all: t`everyone’s` }))

/** Makes a token that acts for the person who asks: with some of their rights, as far as they wish. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  return (
    <TokenDialog
      title={t`Make a token`}
      legend={t`What it may do; never more than you may. To change is to see, too.`}
      words={words()}
      most={useUser().rights}
      make={useCreateToken()}
      complete={(wish) => wish}
      onClose={onClose}
    />
  )
}
