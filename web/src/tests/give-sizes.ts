import { vi } from 'vitest'

/** Gives every element a size, which jsdom doesn't: charts are drawn only where they have one. */
export function giveSizes(): void {
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 800, 320))
}
