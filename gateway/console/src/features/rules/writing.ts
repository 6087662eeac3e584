/** Writing the next version of a rule: it begins as the version that the address names, or as a new rule. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref, ref, watch } from 'vue'
import { useRoute } from 'vue-router'

export function useNextVersion<Stored, Draft>(
  kind: string, load: (id: string) => Promise<Stored>, draftOf: (stored: Stored) => Draft, newDraft: () => Draft
) {
  const route = useRoute()
  const from = computed(() => route.query.from as string | undefined)
  const before = useQuery({
    queryKey: computed(() => [kind, from.value]),
    queryFn: () => load(from.value!),
    enabled: computed(() => Boolean(from.value))
  })
  const draft = ref(newDraft()) as Ref<Draft>
  watch(() => before.data.value as Stored | undefined, (stored) => stored && (draft.value = draftOf(stored)), { immediate: true })
  return { from, before, draft, pending: computed(() => Boolean(from.value) && before.isPending.value) }
}
