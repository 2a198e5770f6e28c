/** A piece of a recorded stream, and when it came: milliseconds since the beginning. */
export type Piece = { at: number; data: ArrayBuffer }

const magic = 'FBS 001.000\n'

/** The pieces of an FBS 001.000 file; one that was cut off at the end is left out. */
export function readFbs(file: ArrayBuffer): Piece[] {
  if (new TextDecoder().decode(file.slice(0, magic.length)) !== magic) throw new Error('This is not an FBS file.')
  const view = new DataView(file)
  const pieces: Piece[] = []
  let at = magic.length
  while (at + 4 <= file.byteLength) {
    const size = view.getUint32(at)
    const end = at + 4 + Math.ceil(size / 4) * 4
    if (end + 4 > file.byteLength) break
    pieces.push({ at: view.getUint32(end), data: file.slice(at + 4, at + 4 + size) })
    at = end + 4
  }
  return pieces
}
