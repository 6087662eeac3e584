/** The sections of the customer's page; one whose service is silent keeps what it said last, while the page is open. */
import type { Schemas } from '@/api/client'

type Part = Schemas['SectionOut']
type Parts = Schemas['SectionsOut']

/** `last`: what a service that does not answer now said before, and when. */
export type Shown = Part & { last?: { data: unknown; as_of: string | null } }
export type Sections = { [name in keyof Parts]: Shown }

export const silent = (part: Shown | undefined): boolean => part?.status === 'unavailable'

function kept(now: Part, before: Shown | undefined): Shown {
  if (now.status !== 'unavailable') return now
  const said = before?.status === 'ok' && before.data ? { data: before.data, as_of: before.as_of ?? null } : before?.last
  // A service that answers with a fault of its own is silent since that answer.
  return { ...now, since: now.since ?? now.as_of ?? null, last: said }
}

/** Return the sections as they are now, each that is silent with what is known of it from before. */
export function withLast(now: Parts, before: Sections | undefined): Sections {
  const entries = Object.entries(now) as [keyof Parts, Part][]
  return Object.fromEntries(entries.map(([name, part]) => [name, kept(part, before?.[name])])) as Sections
}
