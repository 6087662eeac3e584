/** The items of a document, with how each is kept; known without a connection once they were seen. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref, watch } from 'vue'
import { keeping } from '@/api/answers'
import { api, said, type Schemas } from '@/api/client'

export interface KnownItems {
  readonly value: Schemas['ItemOut'][]
  /** They are known now, or cannot be: a unit that is scanned before would be taken for a number of them. */
  settled: () => Promise<void>
}

export function useItems(lines: Ref<readonly { item_id: string }[]>, wanted: Ref<boolean>): KnownItems {
  const query = useQuery({
    queryKey: computed(() => ['tracking', ...new Set(lines.value.map((line) => line.item_id))]),
    queryFn: ({ queryKey }) =>
      Promise.all(
        queryKey.slice(1).map((item_id) => keeping(`item/${item_id}`, () => said(api.GET('/api/v1/items/{item_id}', { params: { path: { item_id: item_id! } } }))))
      ),
    enabled: wanted,
    staleTime: 300_000
  })
  const items = computed(() => query.data.value ?? [])
  const asking = () => query.isPending.value && query.isFetching.value && !query.failureCount.value
  const settled = () =>
    new Promise<void>((resolve) => {
      if (!asking()) return resolve()
      const stop = watch(asking, () => {
        stop()
        resolve()
      })
    })
  return {
    get value() {
      return items.value
    },
    settled
  }
}
