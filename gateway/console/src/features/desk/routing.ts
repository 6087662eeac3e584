/** The rules by which tickets find their queue, while they are written. */
import type { Schemas } from '@/api/client'

type Rule = Schemas['RoutingRuleShape']
export interface RuleDraft {
  name: string
  kinds: NonNullable<Rule['kinds']>
  words: string[]
  categories: string[]
  groups: string[]
  customers: string[]
  kind: Rule['kind'] | ''
  queue: Rule['queue'] | ''
}
export interface RoutingDraft {
  rules: RuleDraft[]
  threshold: number
}

export const newRule = (): RuleDraft => ({ name: '', kinds: [], words: [], categories: [], groups: [], customers: [], kind: '', queue: '' })

export const draftOf = (routing: Schemas['RoutingOut']): RoutingDraft => ({
  threshold: routing.threshold_percent!,
  rules: routing.rules!.map((each) => ({
    name: each.name!,
    kinds: [...(each.kinds ?? [])],
    words: [...(each.words ?? [])],
    categories: [...(each.categories ?? [])],
    groups: [...(each.groups ?? [])],
    customers: [...(each.customer_ids ?? [])],
    kind: each.kind ?? '',
    queue: each.queue ?? ''
  }))
})

export const bodyOf = (draft: RoutingDraft): Schemas['RoutingIn'] => ({
  threshold_percent: draft.threshold,
  rules: draft.rules.map((each) => ({
    name: each.name.trim(),
    kinds: each.kinds,
    words: each.words,
    categories: each.categories,
    groups: each.groups,
    customer_ids: each.customers,
    kind: each.kind || null,
    queue: each.queue || null
  }))
})

/** Put a rule one place earlier: the first that fits counts. */
export function earlier(rules: RuleDraft[], place: number): void {
  const [moved] = rules.splice(place, 1)
  rules.splice(place - 1, 0, moved!)
}
