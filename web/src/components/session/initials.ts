/** Up to two letters that stand for a name: "LibreOffice Writer" is LW, "mousepad" is M. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return words
    .slice(0, 2)
    .map(([first]) => first?.toUpperCase() ?? '')
    .join('')
}
