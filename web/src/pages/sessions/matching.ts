import type { Session } from '../../api/sessions'

/** The sessions that have every word of a text in their name, device or description. */
export function matching(sessions: Session[], text: string): Session[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return sessions.filter(({ name, device, description }) => {
    const said = `${name} ${device.name} ${description}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}
