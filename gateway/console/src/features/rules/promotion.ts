/** A promotion while it is written: the four things that it can give beside each other, and the one that is sent. */
import type { Schemas } from '@/api/client'
import { newScope, type Scope, scopeBody, scopeOf } from './scope'

export type Promotion = Schemas['PromotionOut']
export const GIFTS = ['percent_off', 'amount_off', 'free_units', 'bundle'] as const

export interface PromotionDraft extends Scope {
  priority: number
  exclusive: boolean
  coupon: string
  uses: string
  kind: (typeof GIFTS)[number]
  percent: string
  amount: string
  from_quantity: string
  buy: string
  free: string
  items: string[]
  parts: { item: string; quantity: string }[]
}

export const newPart = () => ({ item: '', quantity: '1' })
export const newPromotion = (): PromotionDraft => ({
  ...newScope(), priority: 0, exclusive: false, coupon: '', uses: '',
  kind: 'percent_off', percent: '', amount: '', from_quantity: '', buy: '2', free: '1', items: [],
  parts: [newPart(), newPart()]
})

const text = (value: string | number | null | undefined): string => (value == null ? '' : String(value))

export function draftOf(promotion: Promotion): PromotionDraft {
  const { percent_off: percent, amount_off: amount, free_units: units, bundle } = promotion
  return {
    ...newPromotion(),
    ...scopeOf(promotion),
    priority: promotion.priority!,
    exclusive: promotion.exclusive!,
    coupon: text(promotion.coupon),
    uses: text(promotion.max_uses),
    kind: promotion.kind!,
    percent: text(percent?.percent ?? bundle?.percent),
    amount: text(amount?.amount?.amount),
    from_quantity: text(percent?.min_quantity ?? amount?.min_quantity),
    ...(units ? { buy: text(units.buy), free: text(units.free) } : {}),
    items: [...(percent?.items ?? amount?.items ?? units?.items ?? [])],
    ...(bundle ? { parts: bundle.parts!.map((each) => ({ item: each.item_id!, quantity: text(each.quantity) })) } : {})
  }
}

/** What it gives: exactly one of four. */
function giftOf(draft: PromotionDraft): Pick<Schemas['PromotionIn'], (typeof GIFTS)[number]> {
  const items = draft.items
  const least = draft.from_quantity.trim()
  const from = least && Number(least) !== 0 ? { min_quantity: least } : {}
  switch (draft.kind) {
    case 'amount_off':
      return { amount_off: { amount: { amount: draft.amount.trim(), currency: draft.currency.trim() }, items, ...from } }
    case 'free_units':
      return { free_units: { buy: draft.buy.trim(), free: draft.free.trim(), items } }
    case 'bundle':
      return {
        bundle: {
          percent: draft.percent.trim(),
          parts: draft.parts.map((each) => ({ item_id: each.item, quantity: each.quantity.trim() }))
        }
      }
    default:
      return { percent_off: { percent: draft.percent.trim(), items, ...from } }
  }
}

export const bodyOf = (draft: PromotionDraft): Schemas['PromotionIn'] => ({
  ...scopeBody(draft),
  priority: draft.priority,
  exclusive: draft.exclusive,
  coupon: draft.coupon.trim() || null,
  max_uses: draft.uses.trim() ? Number(draft.uses) : null,
  ...giftOf(draft)
})
