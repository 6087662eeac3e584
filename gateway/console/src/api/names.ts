/** Names of customers and users that lists tell by id only; asked for once each, and shown when they come. */
import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, computed, toValue } from 'vue'
import { api, said } from './client'

export function useCustomer(id: MaybeRefOrGetter<string | null | undefined>) {
  return useQuery({
    queryKey: computed(() => ['customer', toValue(id)]),
    queryFn: () =>
      said(api.GET('/api/v1/customers/{customer_id}', { params: { path: { customer_id: toValue(id)! } } })),
    enabled: computed(() => Boolean(toValue(id))),
    staleTime: 300_000
  })
}
