/** The items of a document, with how each is kept; known without a connection once they were seen. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { keeping } from '@/api/answers'
import { api, said } from '@/api/client'

export function useItems(lines: Ref<readonly { item_id: string }[]>, wanted: Ref<boolean>) {
  const query = useQuery({
    queryKey: computed(() => ['tracking', ...new Set(lines.value.map((line) => line.item_id))]),
    queryFn: ({ queryKey }) =>
      Promise.all(
        queryKey.slice(1).map((item_id) => keeping(`item/${item_id}`, () => said(api.GET('/api/v1/items/{item_id}', { params: { path: { item_id: item_id! } } }))))
      ),
    enabled: wanted,
    staleTime: 300_000
  })
  return computed(() => query.data.value ?? [])
}
