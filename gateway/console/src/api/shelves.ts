/** The warehouses where goods lie to be used: neither held back nor on their way. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { keeping } from '@/api/answers'
import { api, said } from '@/api/client'

export function useShelves() {
  const { data } = useQuery({
    queryKey: ['warehouses'],
    queryFn: () => keeping('warehouses', () => said(api.GET('/api/v1/warehouses', { params: { query: { limit: 50 } } })))
  })
  return computed(() => (data.value?.items ?? []).filter((each) => !each.quarantine_of && !each.transit_to))
}
