import { t } from '@lingui/core/macro'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { ConsentQuestion } from './consent-question'
import { Desktops } from './desktops'
import { Gallery } from './gallery'
import { OwnAllowances } from './own-allowances'

export function HomePage() {
  return (
    <PageFrame title={t`Your desktops`} user={useUser()}>
      <ConsentQuestion />
      <OwnAllowances />
      <Desktops />
      <Gallery />
    </PageFrame>
  )
}
