/** The typed client: generated from the API's own document, with the cookie's token and problems as exceptions. */
import createClient from 'openapi-fetch'
import { reactive } from 'vue'
import { offline, problemOf } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type Money = { amount: string; currency: string }
type Body = { data?: unknown; error?: unknown; response: Response }

/** Known to every part: who the browser is logged in as. `expired`: was logged in, and must say the password again. */
export const session = reactive({
  user: null as null | { id: string; username: string | null; name: string; roles: string[] },
  csrf: '',
  /** In which the company's days begin; unknown until the server was reached. */
  zone: undefined as string | undefined,
  expired: false
})

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' })

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && session.csrf) request.headers.set('X-CSRF-Token', session.csrf)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && session.user && schemaPath !== '/api/v1/auth/session') session.expired = true
  }
})

type Said<T> = T extends { data?: infer D } ? Exclude<D, undefined> : never

/** Return what was answered, or throw the problem. */
export async function said<T extends Body>(asked: Promise<T>): Promise<Said<T>> {
  let answer: T
  try {
    answer = await asked
  } catch {
    throw offline()
  }
  if (!answer.response.ok) throw problemOf(answer.response.status, answer.error)
  return answer.data as Said<T>
}

/** An id of our own making (UUIDv7), for what is begun before anybody can be asked. */
export function newId(): string {
  const [time, random] = [Date.now().toString(16).padStart(12, '0'), newKey()]
  const variant = '89ab'[parseInt(random[3]!, 16) % 4]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('')
}
