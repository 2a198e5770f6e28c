import { act, renderHook, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { useClipboard } from './use-clipboard'

class FarEnd extends EventTarget {
  readonly pasted: string[] = []

  clipboardPasteFrom(text: string): void {
    this.pasted.push(text)
  }

  copy(text: string): void {
    act(() => {
      this.dispatchEvent(new CustomEvent('clipboard', { detail: { text } }))
    })
  }
}

class NearEnd {
  text = ''
  isAllowed = true

  readText = (): Promise<string> => (this.isAllowed ? Promise.resolve(this.text) : Promise.reject(new Error('no')))

  writeText = (text: string): Promise<void> => {
    this.text = text
    return Promise.resolve()
  }
}

let far: FarEnd
let near: NearEnd

beforeEach(() => {
  far = new FarEnd()
  near = new NearEnd()
  Object.defineProperty(navigator, 'clipboard', { value: near, configurable: true })
})

describe('a clipboard of its own', () => {
  it('shows what is copied in the desktop, and leaves this computer’s alone', () => {
    const { result } = renderHook(() => useClipboard(far, false))
    far.copy('from the desktop')
    expect(result.current.text).toBe('from the desktop')
    expect(near.text).toBe('')
  })

  it('sends what is written to it', () => {
    const { result } = renderHook(() => useClipboard(far, false))
    act(() => {
      result.current.setText('from here')
    })
    expect(far.pasted).toEqual(['from here'])
    expect(result.current.text).toBe('from here')
  })
})

describe('a shared clipboard', () => {
  it('takes what is copied in the desktop to this computer', () => {
    renderHook(() => useClipboard(far, true))
    far.copy('from the desktop')
    expect(near.text).toBe('from the desktop')
  })

  it('takes what was copied here to the desktop, when one comes back to it', async () => {
    near.text = 'first'
    renderHook(() => useClipboard(far, true))
    await waitFor(() => {
      expect(far.pasted).toEqual(['first'])
    })
    near.text = 'second'
    window.dispatchEvent(new Event('focus'))
    await waitFor(() => {
      expect(far.pasted).toEqual(['first', 'second'])
    })
  })

  it('does not send back what came from the desktop', async () => {
    const { result } = renderHook(() => useClipboard(far, true))
    far.copy('echo')
    window.dispatchEvent(new Event('focus'))
    await act(() => Promise.resolve())
    expect(result.current.text).toBe('echo')
    expect(far.pasted).toEqual([])
  })

  it('leaves the desktop’s clipboard as it is while this computer’s is empty', async () => {
    renderHook(() => useClipboard(far, true))
    await act(() => Promise.resolve())
    expect(far.pasted).toEqual([])
  })

  it('keeps what is copied in the desktop while this computer’s is still being read', async () => {
    near.text = 'older'
    const { result } = renderHook(() => useClipboard(far, true))
    far.copy('newer')
    await act(() => Promise.resolve())
    expect(result.current.text).toBe('newer')
    expect(far.pasted).toEqual([])
  })

  it('goes on when the browser refuses', async () => {
    near.isAllowed = false
    renderHook(() => useClipboard(far, true))
    await act(() => Promise.resolve())
    expect(far.pasted).toEqual([])
  })
})
