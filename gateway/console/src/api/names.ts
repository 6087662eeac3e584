/** Names of customers and users that lists tell by id only; asked for once each, and shown when they come. */
import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, computed, toValue, watchEffect } from 'vue'
import { api, said, type Schemas } from './client'

const AGAIN_AFTER_MS = 15_000
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const isId = (text: string | null | undefined): boolean => ID.test(text ?? '')

export function useCustomer(id: MaybeRefOrGetter<string | null | undefined>) {
  return useQuery({
    queryKey: computed(() => ['customer', toValue(id)]),
    queryFn: () =>
      said(api.GET('/api/v1/customers/{customer_id}', { params: { path: { customer_id: toValue(id)! } } })),
    enabled: computed(() => Boolean(toValue(id))),
    staleTime: 300_000
  })
}

export function useItem(id: MaybeRefOrGetter<string | null | undefined>) {
  return useQuery({
    queryKey: computed(() => ['item', toValue(id)]),
    queryFn: () => said(api.GET('/api/v1/items/{item_id}', { params: { path: { item_id: toValue(id)! } } })),
    enabled: computed(() => Boolean(toValue(id))),
    staleTime: 300_000
  })
}

/** Everybody who does or did something here: the one place where ids become names, asked for once for all screens. */
function useEverybody() {
  return useQuery({
    queryKey: ['colleagues'],
    queryFn: async () => {
      const found: Schemas['ColleagueOut'][] = []
      let cursor: string | undefined
      do {
        const page = await said(api.GET('/api/v1/colleagues', { params: { query: { cursor, limit: 200 } } }))
        found.push(...page.items)
        cursor = page.next_cursor ?? undefined
      } while (cursor)
      const people = found.filter((each) => each.kind === 'person').sort((one, other) => one.name.localeCompare(other.name))
      return {
        names: new Map(found.map((each) => [each.id, each.name])) as ReadonlyMap<string, string>,
        people
      }
    },
    staleTime: 300_000
  })
}

/** Names of people and programs by id; whoever has left is among them. */
export function useColleagues() {
  const { data } = useEverybody()
  return computed(() => data.value?.names)
}

/** Who can be chosen, by name: people who are here, or whoever has left as well. */
export function usePeople(leavers = false) {
  const { data } = useEverybody()
  return computed(() => (data.value?.people ?? []).filter((each) => leavers || each.active))
}

/** When an id is shown that has no name, it is of somebody who has come since, and the names are asked for again. */
export function useLatecomer(id: MaybeRefOrGetter<string | null | undefined>) {
  const { data, dataUpdatedAt, isFetching, refetch } = useEverybody()
  watchEffect(() => {
    const unknown = data.value && isId(toValue(id)) && !data.value.names.has(toValue(id)!)
    if (unknown && !isFetching.value && Date.now() - dataUpdatedAt.value > AGAIN_AFTER_MS) void refetch()
  })
}
