/** What a flow of a service can ask a document for, with the words for it. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { FlowField } from './flow'
import { FLOWS, type FlowService } from './flowApi'

/** `about` is the kind of document, where the service has several: only what that one says can be asked. */
export function useFlowFields(service: MaybeRefOrGetter<FlowService>, about: MaybeRefOrGetter<string | undefined> = undefined) {
  const query = useQuery({
    queryKey: computed(() => ['approval-fields', toValue(service)]),
    queryFn: () => FLOWS[toValue(service)].fields(),
    staleTime: 60_000
  })
  const kinds = computed(() => query.data.value?.documents ?? [])
  const documents = computed(() => kinds.value.filter((each) => !toValue(about) || each.document === toValue(about)))
  const fields = computed(() => {
    const found = new Map<string, FlowField>()
    for (const document of documents.value) for (const field of document.fields!) found.set(field.field!, field)
    return found
  })
  return { query, kinds, documents, fields, roles: computed(() => query.data.value?.approver_roles ?? []) }
}
