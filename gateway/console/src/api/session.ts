/** Logging in and out, and what a role sees. What is hidden here is refused by the server all the same. */
import { queryClient } from './queries'
import { api, said, session } from './client'
import { Problem } from './problem'

let looked: Promise<void> | null = null

/** Ask once whose browser it is. */
export function known(): Promise<void> {
  looked ??= look()
  return looked
}

async function look(): Promise<void> {
  try {
    const found = await said(api.GET('/api/v1/auth/session'))
    session.user = found.user
    session.csrf = found.csrf_token ?? ''
  } catch (error) {
    looked = null
    if (!(error instanceof Problem && error.status === 401)) throw error
  }
}

export async function logIn(username: string, password: string): Promise<void> {
  const found = await said(api.POST('/api/v1/auth/session', { body: { username, password } }))
  const other = session.user !== null && session.user.id !== found.user.id
  session.user = found.user
  session.csrf = found.csrf_token ?? ''
  session.expired = false
  if (other) queryClient.clear()
  else void queryClient.invalidateQueries()
}

export async function logOut(): Promise<void> {
  try {
    await api.DELETE('/api/v1/auth/session')
  } finally {
    location.assign('/login')
  }
}

/** Whether the person has one of these roles; an administrator has every role. */
export function may(...roles: string[]): boolean {
  const own = session.user?.roles ?? []
  return own.includes('admin') || roles.some((role) => own.includes(role))
}
