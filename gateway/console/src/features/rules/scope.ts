/** What price policies and promotions have alike while they are written: a name, a currency, for whom and how long. */
import type { Schemas } from '@/api/client'

export interface Scope {
  name: string
  currency: string
  customer: string
  group: string
  channel: string
  region: string
  from: string
  until: string
}
type Scoped = Schemas['PolicyOut'] | Schemas['PromotionOut']

export const newScope = (): Scope => ({
  name: '', currency: 'USD', customer: '', group: '', channel: '', region: '', from: '', until: ''
})

export const scopeOf = (stored: Scoped): Scope => ({
  name: stored.name!,
  currency: stored.currency!,
  customer: stored.customer_id ?? '',
  group: stored.customer_group ?? '',
  channel: stored.channel ?? '',
  region: stored.region ?? '',
  from: stored.valid_from ?? '',
  until: stored.valid_until ?? ''
})

export const scopeBody = (draft: Scope) => ({
  name: draft.name.trim(),
  currency: draft.currency.trim(),
  customer_id: draft.customer || null,
  customer_group: draft.group.trim() || null,
  channel: draft.channel.trim() || null,
  region: draft.region.trim() || null,
  valid_from: draft.from || null,
  valid_until: draft.until || null
})
