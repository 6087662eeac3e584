/** The roster of the desk while it is written. */
import type { Schemas } from '@/api/client'
import type { Hours } from './sla'

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
type OnRoster = Schemas['OnRosterOut']
type Weekday = (typeof WEEKDAYS)[number]
export interface PersonDraft {
  id: string
  queues: NonNullable<OnRoster['queues']>
  weekdays: NonNullable<OnRoster['weekdays']>
  /** By day; of a day without any the whole is meant. */
  hours: Record<Weekday, Hours[]>
  capacity: number
  absences: { since: string; until: string; reason: string }[]
  /** What they have to do now; nothing for whoever is not kept yet. */
  now: { duty: 'on_duty' | 'other_hours' | 'off_duty'; tickets: number } | null
}

const hoursOf = (told: OnRoster['hours']): PersonDraft['hours'] =>
  Object.fromEntries(
    WEEKDAYS.map((day) => [day, (told?.[day] ?? []).map((each) => ({ opens: each.opens!, closes: each.closes! }))])
  ) as PersonDraft['hours']

export const newPerson = (): PersonDraft => ({
  id: '', queues: ['technical_support'], weekdays: [...WEEKDAYS.slice(0, 5)], hours: hoursOf({}), capacity: 100, absences: [],
  now: null
})
export const newAbsence = () => ({ since: '', until: '', reason: '' })

export const draftOf = (roster: Schemas['RosterOut']): PersonDraft[] =>
  roster.people!.map((each) => ({
    id: each.person_id!,
    queues: [...each.queues!],
    weekdays: [...each.weekdays!],
    hours: hoursOf(each.hours),
    capacity: each.capacity_percent!,
    absences: each.absences!.map((one) => ({ since: one.since!, until: one.until!, reason: one.reason ?? '' })),
    now: {
      duty: each.on_duty_now ? 'on_duty' : each.on_duty_today ? 'other_hours' : 'off_duty',
      tickets: each.open_tickets!
    }
  }))

export const bodyOf = (people: PersonDraft[]): Schemas['RosterIn'] => ({
  people: people.map((each) => ({
    person_id: each.id,
    queues: each.queues,
    weekdays: each.weekdays,
    // What was written for a day that is not worked any more goes with the day.
    hours: Object.fromEntries(each.weekdays.filter((day) => each.hours[day].length).map((day) => [day, each.hours[day]])),
    capacity_percent: each.capacity,
    absences: each.absences.map((one) => ({ since: one.since, until: one.until, reason: one.reason.trim() || null }))
  }))
})
