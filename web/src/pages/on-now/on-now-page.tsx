import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { unwrap } from '../../api/problem'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'

export default function OnNowPage() {
  const { data } = useQuery({
    queryKey: ['sign-ins', 'online'],
    queryFn: () => unwrap(api.GET('/api/v1/sign-ins', { params: { query: { online: true, limit: 1 } } })),
  })
  return (
    <PageFrame title="Who is on now" user={useUser()}>
      <h1>Who is on now</h1>
      {data && <p>{data.total} on now</p>}
    </PageFrame>
  )
}
