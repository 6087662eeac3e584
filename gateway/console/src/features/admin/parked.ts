/** Messages that a service could not handle: each service lists its own, and is asked for itself. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import type { Keyed } from '@/api/act'
import { api, said, type Schemas } from '@/api/client'

export type Parked = Schemas['ParkedOut'] & { service: Service }
export type State = 'dead' | 'retry'
const LISTED = 100

type Query = { params: { query: { state?: State; limit: number } } }
type Path = { params: { path: { parked_id: string } } }
type Act = Path & { body: { comment: string }; headers: Keyed }

const ASKED = {
  crm: {
    list: (asked: Query) => said(api.GET('/api/v1/parked-messages/crm', asked)),
    one: (asked: Path) => said(api.GET('/api/v1/parked-messages/crm/{parked_id}', asked)),
    retry: (asked: Act) => said(api.POST('/api/v1/parked-messages/crm/{parked_id}/retry', asked))
  },
  sales: {
    list: (asked: Query) => said(api.GET('/api/v1/parked-messages/sales', asked)),
    one: (asked: Path) => said(api.GET('/api/v1/parked-messages/sales/{parked_id}', asked)),
    retry: (asked: Act) => said(api.POST('/api/v1/parked-messages/sales/{parked_id}/retry', asked))
  },
  inventory: {
    list: (asked: Query) => said(api.GET('/api/v1/parked-messages/inventory', asked)),
    one: (asked: Path) => said(api.GET('/api/v1/parked-messages/inventory/{parked_id}', asked)),
    retry: (asked: Act) => said(api.POST('/api/v1/parked-messages/inventory/{parked_id}/retry', asked))
  },
  finance: {
    list: (asked: Query) => said(api.GET('/api/v1/parked-messages/finance', asked)),
    one: (asked: Path) => said(api.GET('/api/v1/parked-messages/finance/{parked_id}', asked)),
    retry: (asked: Act) => said(api.POST('/api/v1/parked-messages/finance/{parked_id}/retry', asked))
  },
  service_desk: {
    list: (asked: Query) => said(api.GET('/api/v1/parked-messages/service-desk', asked)),
    one: (asked: Path) => said(api.GET('/api/v1/parked-messages/service-desk/{parked_id}', asked)),
    retry: (asked: Act) => said(api.POST('/api/v1/parked-messages/service-desk/{parked_id}/retry', asked))
  }
}
export type Service = keyof typeof ASKED
export const SERVICES = Object.keys(ASKED) as Service[]
export const of = (service: Service) => ASKED[service]
export const isService = (name: string): name is Service => name in ASKED

/** What every service could not handle, longest ago first; who does not answer is named, who has more than is shown too. */
export function useParked(state: Ref<State | ''>) {
  const query = useQuery({
    queryKey: computed(() => ['parked', state.value]),
    queryFn: async () => {
      const params = { query: { state: state.value || undefined, limit: LISTED } }
      const told = await Promise.allSettled(SERVICES.map((name) => ASKED[name].list({ params })))
      if (told.every((each) => each.status === 'rejected')) throw (told[0] as PromiseRejectedResult).reason
      const rows = told.flatMap((each, n) =>
        each.status === 'fulfilled' ? each.value.items.map((row) => ({ ...row, service: SERVICES[n]! })) : []
      )
      const named = (which: (each: (typeof told)[number]) => boolean) => SERVICES.filter((_, n) => which(told[n]!))
      return {
        rows: rows.sort((one, other) => one.first_seen.localeCompare(other.first_seen)) as Parked[],
        silent: named((each) => each.status === 'rejected'),
        more: named((each) => each.status === 'fulfilled' && each.value.next_cursor !== null)
      }
    },
    refetchInterval: 15_000
  })
  return query
}
