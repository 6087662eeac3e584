/** What is promised for tickets, while it is written: when the desk works, and in how many working minutes. */
import type { Schemas } from '@/api/client'
import { WEEKDAYS } from './roster'

export type Hours = { opens: string; closes: string }
type Target = Schemas['TargetShape']
export interface TargetDraft {
  priorities: NonNullable<Target['priorities']>
  kinds: NonNullable<Target['kinds']>
  groups: string[]
  response: number
  resolution: number
}
export interface SlaDraft {
  zone: string
  week: { day: (typeof WEEKDAYS)[number]; hours: Hours[] }[]
  days: { day: string; hours: Hours[] }[]
  targets: TargetDraft[]
  warn: number
}

export const newTarget = (): TargetDraft => ({ priorities: [], kinds: [], groups: [], response: 240, resolution: 1440 })
const copied = (hours: readonly Schemas['HoursShape'][] | undefined): Hours[] =>
  (hours ?? []).map((each) => ({ opens: each.opens!, closes: each.closes! }))

export const draftOf = (policy: Schemas['SlaPolicyOut']): SlaDraft => ({
  zone: policy.calendar!.zone!,
  week: WEEKDAYS.map((day) => ({ day, hours: copied(policy.calendar!.week![day]) })),
  days: (policy.calendar!.days ?? []).map((each) => ({ day: each.day!, hours: copied(each.hours) })),
  targets: policy.targets!.map((each) => ({
    priorities: [...(each.priorities ?? [])],
    kinds: [...(each.kinds ?? [])],
    groups: [...(each.groups ?? [])],
    response: each.response_minutes!,
    resolution: each.resolution_minutes!
  })),
  warn: policy.warn_percent!
})

export const bodyOf = (draft: SlaDraft): Schemas['SlaPolicyIn'] => ({
  calendar: {
    zone: draft.zone.trim(),
    week: Object.fromEntries(draft.week.map((each) => [each.day, each.hours])),
    days: draft.days
  },
  targets: draft.targets.map((each) => ({
    priorities: each.priorities,
    kinds: each.kinds,
    groups: each.groups,
    response_minutes: each.response,
    resolution_minutes: each.resolution
  })),
  warn_percent: draft.warn
})
