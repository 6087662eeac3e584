/** How an order of a kind goes, while it is written: what can be chosen for each of its questions. */
import type { Schemas } from '@/api/client'

type Process = Schemas['ProcessOut']
export const CHOICES = {
  reserve: ['at_order', 'when_paid', 'before_delivery', 'never'],
  source: ['stock', 'to_order', 'supplier'],
  allocation: ['complete', 'partial'],
  shortage: ['wait', 'refuse'],
  shipping: ['partial', 'complete'],
  handover: ['delivery', 'counter'],
  invoice: ['order', 'shipment', 'delivery'],
  payment: ['on_account', 'advance', 'cash']
} as const
export type Question = keyof typeof CHOICES
export const QUESTIONS = Object.keys(CHOICES) as Question[]

export interface TypeDraft {
  code: string
  name_en: string
  name_zh: string
  active: boolean
  valid_from: string
  process: Required<Process>
  /** Whether every approval flow may ask about it, or those that are named. */
  everyFlow: boolean
}

export const newType = (): TypeDraft => ({
  code: '', name_en: '', name_zh: '', active: true, valid_from: '', everyFlow: true,
  process: {
    reserve: 'at_order', reserve_days: 0, source: 'stock', allocation: 'complete', shortage: 'wait', shipping: 'partial',
    handover: 'delivery', invoice: 'shipment', payment: 'on_account', credit_check: true, down_payment_bp: 0, approvals: []
  }
})

export const draftOf = (type: Schemas['OrderTypeOut']): TypeDraft => ({
  code: type.code!,
  name_en: type.name_en!,
  name_zh: type.name_zh!,
  active: type.active!,
  valid_from: type.valid_from ?? '',
  everyFlow: type.process!.approvals === null,
  process: { ...newType().process, ...type.process!, approvals: type.process!.approvals ?? [] }
})

export const processOf = (draft: TypeDraft): Schemas['ProcessIn'] => ({
  ...draft.process,
  reserve_days: draft.process.reserve === 'before_delivery' ? draft.process.reserve_days : 0,
  approvals: draft.everyFlow ? null : draft.process.approvals
})

export const bodyOf = (draft: TypeDraft): Schemas['OrderTypeIn'] => ({
  code: draft.code.trim(),
  name_en: draft.name_en.trim(),
  name_zh: draft.name_zh.trim(),
  active: draft.active,
  valid_from: draft.valid_from || null,
  process: processOf(draft)
})
