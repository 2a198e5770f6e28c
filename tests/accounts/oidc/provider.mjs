// A real provider of OpenID Connect for the tests: node provider.mjs PACKAGE PORT CLIENT_URL
import { pathToFileURL } from 'node:url'

const [file, port, client] = process.argv.slice(2)
const { Provider } = await import(pathToFileURL(file))
const issuer = `http://127.0.0.1:${port}`
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'deskbay',
      client_secret: 'kept between us',
      redirect_uris: [`${client}/sign-in/callback`],
      post_logout_redirect_uris: [`${client}/sign-in`],
      backchannel_logout_uri: `${client}/api/v1/auth/oidc/school/back-channel`,
      backchannel_logout_session_required: true,
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ['sub', 'sid', 'groups'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  scopes: ['openid', 'email', 'profile'],
  // By itself it refuses to call addresses of loopback, and gives up on a server that is slow.
  fetch: (url, { dispatcher, signal, ...options }) => fetch(url, options),
  cookies: { keys: ['of the tests'] },
  features: {
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id} of the school`,
      preferred_username: id,
      email: `${id}@school.example`,
      email_verified: true,
      groups: ['students'],
    }),
  }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('listens'))
