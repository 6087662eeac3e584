/** Lists that come a page at a time. */
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { pace } from './changes'
import { asProblem } from './problem'

interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}

/**
 * `name` and what it depends on make the key of the cache; `every` asks again after so many milliseconds, and seldom
 * where `hinted`: the server says by itself when it has changed.
 */
export function usePages<Item>(
  name: MaybeRefOrGetter<readonly unknown[]>,
  ask: (cursor: string | undefined) => Promise<Page<Item>>,
  options: { every?: number; hinted?: boolean; enabled?: MaybeRefOrGetter<boolean> } = {}
) {
  const query = useInfiniteQuery({
    queryKey: computed(() => toValue(name)),
    queryFn: ({ pageParam }) => ask(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last: Page<Item>) => last.next_cursor ?? undefined,
    refetchInterval: computed(() => (options.every && options.hinted ? pace(options.every) : options.every)),
    enabled: computed(() => toValue(options.enabled) ?? true)
  })
  const items = computed<Item[]>(() => (query.data.value?.pages ?? []).flatMap((page) => page.items) as Item[])
  return {
    items,
    pending: query.isPending,
    error: computed(() => (query.error.value ? asProblem(query.error.value) : null)),
    more: query.hasNextPage,
    fetchMore: () => void query.fetchNextPage(),
    again: () => void query.refetch()
  }
}
