import createClient from 'openapi-fetch'
import { learnServerTime } from './clock'
import type { components, paths } from './schema'

export type User = components['schemas']['MeOut']
export type Template = components['schemas']['TemplateOut']
export type DesktopPage = components['schemas']['DesktopList']
export type LaunchWish = components['schemas']['DesktopIn']
export type Desktop = components['schemas']['DesktopOut']

const refreshPath = '/api/v1/auth/refresh'
/** Paths whose 401 speaks of what was just typed or of a link, not of an access that ran out. */
const signInPaths = [
  '/api/v1/auth/sign-in',
  '/api/v1/auth/sign-up',
  '/api/v1/auth/link',
  '/api/v1/auth/oidc/callback',
  '/api/v1/auth/new-password',
  '/api/v1/auth/verify',
  '/api/v1/map',
  refreshPath,
]

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchSignedIn })

/** Sends a request; when the access has run out, renews it once and sends the request again. */
export async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await fetch(request)
  learnServerTime(response)
  if (response.status !== 401 || signInPaths.includes(new URL(request.url).pathname)) return response
  return (await renewAccess()) ? fetch(again) : response
}

let renewal: Promise<boolean> | null = null

function renewAccess(): Promise<boolean> {
  renewal ??= oneTabAtATime(renew).finally(() => {
    renewal = null
  })
  return renewal
}

async function renew(): Promise<boolean> {
  const response = await fetch(refreshPath, { method: 'POST' })
  return response.ok
}

/** A refresh token serves once: two tabs that send the same one would look like a theft of it. */
async function oneTabAtATime(task: () => Promise<boolean>): Promise<boolean> {
  // Browsers offer locks on secure origins only.
  const locks = navigator.locks as LockManager | undefined
  return locks ? await locks.request('deskbay-renew-access', task) : await task()
}
