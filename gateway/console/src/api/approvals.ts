/** One approval, of whichever service: the inbox tells its address, and all describe it alike. */
import { type Schemas, session } from './client'
import { offline, problemOf } from './problem'

export type Approval = Schemas['ApprovalOut']

export async function approvalAt(address: string): Promise<Approval> {
  let answer: Response
  try {
    answer = await fetch(address, { credentials: 'same-origin' })
  } catch {
    throw offline()
  }
  if (answer.status === 401) session.expired = true
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw problemOf(answer.status, body)
  return body as Approval
}
