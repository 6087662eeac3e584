import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, said } from './client'
import { asProblem } from './problem'

/** What waits for the person's yes, of every service; asked for again twice a minute. */
export function useInbox() {
  const query = useQuery({
    queryKey: ['inbox'],
    queryFn: () => said(api.GET('/api/v1/inbox')),
    refetchInterval: 30_000
  })
  return {
    items: computed(() => query.data.value?.items ?? []),
    silent: computed(() =>
      Object.entries(query.data.value?.sections ?? {}).filter(([, part]) => part.status === 'unavailable').map(([name]) => name)
    ),
    pending: query.isPending,
    error: computed(() => (query.error.value ? asProblem(query.error.value) : null)),
    again: () => void query.refetch()
  }
}
