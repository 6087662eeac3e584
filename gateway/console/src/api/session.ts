/** Logging in and out, and what a role sees. What is hidden here is refused by the server all the same. */
import { forgetAnswers } from './answers'
import { queryClient } from './queries'
import { api, said, session } from './client'
import { Problem } from './problem'

/** Whose browser it was, for a warehouse that opens the console without a connection. */
const KEPT = 'meridian.session'
let looked: Promise<void> | null = null

/** Ask once whose browser it is. */
export function known(): Promise<void> {
  looked ??= look()
  return looked
}

async function look(): Promise<void> {
  try {
    await recall()
  } catch (error) {
    looked = null
    if (error instanceof Problem && error.status === 401) return remember()
    session.user = kept()
    if (!session.user) throw error
  }
}

/** Ask the server whose session it is, and for the token that goes with each act. */
export async function recall(): Promise<void> {
  const found = await said(api.GET('/api/v1/auth/session'))
  session.user = found.user
  session.csrf = found.csrf_token ?? ''
  session.zone = found.company_zone
  remember()
}

export async function logIn(username: string, password: string): Promise<void> {
  const found = await said(api.POST('/api/v1/auth/session', { body: { username, password } }))
  const other = session.user !== null && session.user.id !== found.user.id
  session.user = found.user
  session.csrf = found.csrf_token ?? ''
  session.zone = found.company_zone
  session.expired = false
  remember()
  if (other) queryClient.clear()
  else void queryClient.invalidateQueries()
}

/** Keep who it is where the terminal needs it; a name and its roles let nobody in anywhere. */
function remember(): void {
  if (session.user && may('warehouse')) localStorage.setItem(KEPT, JSON.stringify(session.user))
  else localStorage.removeItem(KEPT)
}

function kept(): typeof session.user {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null')
  } catch {
    return null
  }
}

export async function logOut(): Promise<void> {
  try {
    await api.DELETE('/api/v1/auth/session')
  } finally {
    localStorage.removeItem(KEPT)
    await forgetAnswers()
    location.assign('/login')
  }
}

/** Whether the person has one of these roles; an administrator has every role. */
export function may(...roles: string[]): boolean {
  const own = session.user?.roles ?? []
  return own.includes('admin') || roles.some((role) => own.includes(role))
}

/** The company's day, written as services write days: theirs is another than the browser's for some hours of each. */
export const companyDay = (): string => new Date().toLocaleDateString('sv', { timeZone: session.zone })
