import { t } from '@lingui/core/macro'
import { useIntersection } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { fetchSignedIn } from '../../api/client'
import { Problem } from '../../api/problem'
import { keys } from '../../api/queries'
import classes from './thumbnail.module.css'

const width = 640
const renewEvery = 4_000

/** What a running desktop shows just now, renewed while the picture is in sight. */
export function Thumbnail({ id }: { id: number }) {
  const { ref, entry } = useIntersection<HTMLSpanElement>()
  const { data } = useQuery({
    queryKey: keys.thumbnail(id),
    queryFn: () => thumbnail(id),
    enabled: entry?.isIntersecting ?? false,
    refetchInterval: renewEvery,
    retry: false,
    staleTime: renewEvery,
  })
  const url = useObjectUrl(data)
  return (
    <span ref={ref} className={classes.frame}>
      {url && <img src={url} alt="" />}
    </span>
  )
}

async function thumbnail(id: number): Promise<Blob> {
  const url = new URL(`/api/v1/desktops/${id}/thumbnail?width=${width}`, window.location.origin)
  // Asked of the server every time, which answers by its tag when nothing has changed.
  const response = await fetchSignedIn(new Request(url, { cache: 'no-cache' }))
  if (!response.ok) throw new Problem(response.status, t`There is no picture of this desktop.`)
  return response.blob()
}

function useObjectUrl(blob: Blob | undefined): string | undefined {
  const url = useMemo(() => blob && URL.createObjectURL(blob), [blob])
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url)
    },
    [url],
  )
  return url
}
