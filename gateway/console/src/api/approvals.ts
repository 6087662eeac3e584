/** One approval, of whichever service: the inbox tells its address, and all describe it alike. */
import type { Keyed } from './act'
import { type Schemas, session } from './client'
import { offline, problemOf } from './problem'

export type Approval = Schemas['ApprovalOut']
export interface Decision {
  decision: string
  comment?: string
}

async function asked(address: string, how: RequestInit = {}): Promise<unknown> {
  let answer: Response
  try {
    answer = await fetch(address, how)
  } catch {
    throw offline()
  }
  if (answer.status === 401) session.expired = true
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw problemOf(answer.status, body)
  return body
}

export const approvalAt = (address: string): Promise<Approval> => asked(address) as Promise<Approval>

export async function decideAt(address: string, decision: Decision, keyed: Keyed): Promise<true> {
  const headers = { ...keyed, 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf }
  await asked(`${address}/decide`, { method: 'POST', headers, body: JSON.stringify(decision) })
  return true
}
