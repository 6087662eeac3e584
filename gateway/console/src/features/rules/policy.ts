/** A price policy while it is written, and what is sent of it. */
import type { Schemas } from '@/api/client'
import { newScope, type Scope, scopeBody, scopeOf } from './scope'

type Policy = Schemas['PolicyOut']
type Formula = Schemas['FormulaIn']
export const KINDS = ['fixed', 'list_off', 'list_on', 'cost', 'policy_off', 'policy_on'] as const
export type Kind = (typeof KINDS)[number]

export interface PriceDraft {
  item: string
  quantity: string
  kind: Kind
  /** A price, a percentage or a factor: what the kind needs. */
  figure: string
  policy: string
}
export interface PolicyDraft extends Scope {
  lines: PriceDraft[]
}

export const newPrice = (): PriceDraft => ({ item: '', quantity: '1', kind: 'fixed', figure: '', policy: '' })
export const newPolicy = (): PolicyDraft => ({ ...newScope(), lines: [newPrice()] })

function priceOf(line: NonNullable<Policy['lines']>[number]): PriceDraft {
  const about = { ...newPrice(), item: line.item_id!, quantity: String(line.min_quantity) }
  const formula = line.formula
  if (!formula) return { ...about, figure: line.unit_price?.amount ?? '' }
  if (formula.base === 'cost') return { ...about, kind: 'cost', figure: formula.factor ?? '' }
  const way = formula.percent_on != null ? 'on' : 'off'
  const base = formula.base === 'policy' ? 'policy' : 'list'
  return { ...about, kind: `${base}_${way}`, figure: formula.percent_on ?? formula.percent_off ?? '0', policy: formula.policy ?? '' }
}

export const draftOf = (policy: Policy): PolicyDraft => ({ ...scopeOf(policy), lines: policy.lines!.map(priceOf) })

function formulaOf(draft: PriceDraft): Formula {
  const figure = draft.figure.trim()
  switch (draft.kind) {
    case 'cost':
      return { base: 'cost', factor: figure }
    case 'list_on':
      return { base: 'list', percent_on: figure }
    case 'policy_on':
      return { base: 'policy', policy: draft.policy, percent_on: figure }
    case 'policy_off':
      return { base: 'policy', policy: draft.policy, percent_off: figure }
    default:
      return { base: 'list', percent_off: figure }
  }
}

export function bodyOf(draft: PolicyDraft): Schemas['PolicyIn'] {
  const scope = scopeBody(draft)
  return {
    ...scope,
    lines: draft.lines.map((line) => ({
      item_id: line.item,
      min_quantity: line.quantity.trim(),
      ...(line.kind === 'fixed'
        ? { unit_price: { amount: line.figure.trim(), currency: scope.currency } }
        : { formula: formulaOf(line) })
    }))
  }
}
