import { t } from '@lingui/core/macro'
import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from './splash.module.css'

/** A wait that shows only when it lasts, so that quick answers don't flicker. */
export function Splash() {
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsShown(true)
    }, 300)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return (
    <main className={classes.splash} aria-busy="true">
      {isShown && <Loader role="img" aria-label={t`Loading`} />}
    </main>
  )
}
