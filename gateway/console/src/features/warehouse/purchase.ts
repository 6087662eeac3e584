/** A purchase order as it stands here: what was received since and is not sent yet is not expected any more. */
import type { Act } from '@/api/acts'
import type { Schemas } from '@/api/client'

export type Purchase = Schemas['PurchaseOrderOut']

const thousandths = (quantity: string | number): number => Math.round(Number(quantity) * 1000)

export function withReceipts(order: Purchase, acts: readonly Act[]): Purchase {
  const came = new Map<string, number>()
  for (const act of acts.filter((each) => each.kind === 'receive' && !each.refusal) as Act<'receive'>[]) {
    for (const part of act.body.lines) came.set(part.line_id, (came.get(part.line_id) ?? 0) + thousandths(part.quantity))
  }
  const lines = order.lines.map((line) => {
    const here = came.get(line.id) ?? 0
    const outstanding = Math.max(0, thousandths(line.outstanding) - here)
    return { ...line, received: String((thousandths(line.received) + here) / 1000), outstanding: String(outstanding / 1000) }
  })
  return { ...order, lines }
}
