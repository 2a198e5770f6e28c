import { useEffect, useState } from 'react'
import { serverNow } from '../api/clock'

/** The server's time in milliseconds, renewed at this pace while the component is shown. */
export function useNow(everyMilliseconds: number): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(serverNow())
    }, everyMilliseconds)
    return () => {
      clearInterval(timer)
    }
  }, [everyMilliseconds])
  return now
}
