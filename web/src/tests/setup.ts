import '#words'
import '@testing-library/jest-dom/vitest'
import { notifications } from '@mantine/notifications'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

// A busy machine is no error.
vi.setConfig({ testTimeout: 120_000 })
configure({ asyncUtilTimeout: 30_000 })

// What jsdom lacks of a browser, and the component library asks for.
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal('ResizeObserver', NoObserver)
vi.stubGlobal('IntersectionObserver', NoObserver)
vi.stubGlobal('matchMedia', (media: string) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}))
Blob.prototype.text = function () {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      resolve(reader.result as string)
    }
    reader.onerror = () => {
      reject(new Error('The file could not be read.'))
    }
    reader.readAsText(this)
  })
}
Element.prototype.scrollIntoView = () => undefined

afterEach(() => {
  cleanup()
  notifications.clean()
  localStorage.clear()
  vi.useRealTimers()
})
