import { act, renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { apply, usePreferences } from './preferences'

const screen = () => ({ scaleViewport: false, resizeSession: false, qualityLevel: 0, compressionLevel: 0 })

it('begins with a desktop of the window’s size, or scaled on a phone', () => {
  expect(renderHook(usePreferences).result.current[0].scaling).toBe('resize')
  window.innerWidth = 360
  expect(renderHook(usePreferences).result.current[0].scaling).toBe('fit')
  window.innerWidth = 1024
})

it('keeps what was chosen for the next time', () => {
  const { result } = renderHook(usePreferences)
  act(() => {
    result.current[1]({ quality: 'sharp' })
  })
  expect(renderHook(usePreferences).result.current[0]).toEqual({
    scaling: 'resize',
    quality: 'sharp',
    sharesClipboard: false,
  })
})

it.each([
  ['resize', { scaleViewport: true, resizeSession: true }],
  ['fit', { scaleViewport: true, resizeSession: false }],
  ['actual', { scaleViewport: false, resizeSession: false }],
] as const)('shows a desktop by %s', (scaling, settings) => {
  const shown = screen()
  apply(shown, { scaling, quality: 'balanced', sharesClipboard: false })
  expect(shown).toMatchObject(settings)
})

it('asks for more compression where less is to be sent', () => {
  const fast = screen()
  const sharp = screen()
  apply(fast, { scaling: 'fit', quality: 'fast', sharesClipboard: false })
  apply(sharp, { scaling: 'fit', quality: 'sharp', sharesClipboard: false })
  expect(fast.qualityLevel).toBeLessThan(sharp.qualityLevel)
  expect(fast.compressionLevel).toBeGreaterThan(sharp.compressionLevel)
})
