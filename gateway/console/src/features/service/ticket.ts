/** What the screens of the service desk share: the ticket, and what can be done to it. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { Keyed } from '@/api/act'
import { api, said, type Schemas } from '@/api/client'
import { queryClient } from '@/api/queries'
import { may } from '@/api/session'

export type Ticket = Schemas['TicketOut']
export type Deadlines = Schemas['TicketDeadlinesOut']

/** Whether the person may work on tickets of a queue. */
export const worksOn = (queue: string): boolean =>
  may('service', ...(queue === 'warehouse' || queue === 'finance' ? [queue] : []))

export function useTicket(id: MaybeRefOrGetter<string>, every?: number) {
  return useQuery({
    queryKey: computed(() => ['ticket', toValue(id)]),
    queryFn: () =>
      said(api.GET('/api/v1/tickets/{ticket_id}', { params: { path: { ticket_id: toValue(id) } } })),
    refetchInterval: every
  })
}

/** Ask again for whatever an act on a ticket may have changed. */
export function refreshTickets(): void {
  for (const name of ['ticket', 'tickets', 'deadlines']) void queryClient.invalidateQueries({ queryKey: [name] })
}

export type Step = 'take' | 'wait' | 'reopen'

/** Send a step without further words; only of the version that the person has seen. */
export function step(ticket: Ticket, what: Step, keyed: Keyed) {
  const sent = {
    params: { path: { ticket_id: ticket.id } },
    headers: { ...keyed, 'If-Match': `"${ticket.version}"` }
  }
  if (what === 'take') return said(api.POST('/api/v1/tickets/{ticket_id}/take', sent))
  if (what === 'wait') return said(api.POST('/api/v1/tickets/{ticket_id}/wait', sent))
  return said(api.POST('/api/v1/tickets/{ticket_id}/reopen', sent))
}
