import type { Desktop } from '../../api/client'
import type { Fields } from '../../components/key-filter'

/** What everyone's desktops are filtered by. */
export const fields: Fields<Desktop> = {
  name: ({ name }) => name,
  owner: ({ owner }) => owner.username,
  template: ({ template }) => `${template.name} ${template.slug}`,
  status: ({ state }) => state,
  why: ({ reason }) => reason ?? '',
}
