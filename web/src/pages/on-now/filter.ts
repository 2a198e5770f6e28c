import type { SignIn } from '../../api/sign-ins'
import type { Fields } from '../../components/key-filter'

/** What sign-ins are filtered by. */
export const fields: Fields<SignIn> = {
  person: ({ full_name, username }) => `${full_name ?? ''} ${username}`,
  computer: ({ device }) => device,
  room: ({ room }) => room ?? '',
  doing: ({ event, application }) => `${event ?? ''} ${application ?? ''}`,
}
