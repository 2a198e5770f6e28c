import { useLocalStorage } from '@mantine/hooks'

export type Scaling = 'resize' | 'fit' | 'actual'
export type Quality = 'fast' | 'balanced' | 'sharp'
export type Preferences = { scaling: Scaling; quality: Quality; sharesClipboard: boolean }

/** Below this width a desktop made to fit would be of no use: it is shown smaller instead. */
const widthOfAPhone = 700

function usual(): Preferences {
  const scaling = window.innerWidth < widthOfAPhone ? 'fit' : 'resize'
  return { scaling, quality: 'balanced', sharesClipboard: false }
}

/** How one likes to see desktops on this device. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [chosen, choose] = useLocalStorage<Partial<Preferences>>({
    key: 'deskbay-screen',
    defaultValue: {},
    getInitialValueInEffect: false,
  })
  const change = (changed: Partial<Preferences>) => {
    choose((current) => ({ ...current, ...changed }))
  }
  return [{ ...usual(), ...chosen }, change]
}

type Adjustable = { scaleViewport: boolean; resizeSession: boolean; qualityLevel: number; compressionLevel: number }

const levels: Record<Quality, { quality: number; compression: number }> = {
  fast: { quality: 2, compression: 6 },
  balanced: { quality: 6, compression: 2 },
  sharp: { quality: 9, compression: 1 },
}

export function apply(screen: Adjustable, { scaling, quality }: Preferences): void {
  // A server that cannot resize its desktop leaves it to be scaled.
  screen.scaleViewport = scaling !== 'actual'
  screen.resizeSession = scaling === 'resize'
  screen.qualityLevel = levels[quality].quality
  screen.compressionLevel = levels[quality].compression
}
