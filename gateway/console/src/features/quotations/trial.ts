/** Prices and stock beside what is being written, a moment after the typing paused; nothing is stored. */
import { keepPreviousData, useQueries, useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { api, said } from '@/api/client'
import { asProblem } from '@/api/problem'
import { asked, type Draft, filled } from './draft'

export function useTrial(draft: Draft) {
  const text = computed(() => JSON.stringify({ customer_id: draft.customer_id, lines: asked(draft) }))
  const settled = ref(text.value)
  let timer = 0
  watch(text, (now) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => (settled.value = now), 350)
  })
  const body = computed(() => JSON.parse(settled.value) as { customer_id: string; lines: ReturnType<typeof asked> })
  const query = useQuery({
    queryKey: computed(() => ['trial', settled.value]),
    queryFn: () => said(api.POST('/api/v1/price-policies/try', { body: body.value })),
    enabled: computed(() => Boolean(body.value.customer_id && body.value.lines.length)),
    placeholderData: keepPreviousData
  })
  const items = computed(() => [...new Set(filled(draft).map((line) => line.item_id))])
  const stock = useQueries({
    queries: computed(() =>
      items.value.map((item_id) => ({
        queryKey: ['availability', item_id],
        queryFn: () => said(api.GET('/api/v1/items/{item_id}/availability', { params: { path: { item_id } } }))
      }))
    )
  })
  return {
    prices: computed(() => (query.isError.value ? undefined : query.data.value)),
    problem: computed(() => (query.error.value ? asProblem(query.error.value) : null)),
    /** The answer's lines stand in the order of the filled ones. */
    priceOf: (line: Draft['lines'][number]) => query.data.value?.lines[filled(draft).indexOf(line)],
    stockOf: (item_id: string) => stock.value.find((each) => each.data?.item_id === item_id)?.data
  }
}
