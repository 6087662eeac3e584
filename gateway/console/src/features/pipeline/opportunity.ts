/** The stages of the pipeline, and moving along them. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Keyed } from '@/api/act'
import { api, said, type Schemas } from '@/api/client'
import { queryClient } from '@/api/queries'
import { language } from '@/ui/language'

export type Opportunity = Schemas['OpportunityOut']
export const LOST = [
  'price', 'competitor', 'no_budget', 'no_decision', 'timing', 'product', 'service', 'duplicate', 'other'
] as const

export function useStages() {
  const query = useQuery({
    queryKey: ['stages'],
    queryFn: () => said(api.GET('/api/v1/pipeline-stages')),
    staleTime: 300_000
  })
  const stages = computed(() => query.data.value?.stages ?? [])
  /** The stage in the reader's language; one that is no more is shown by its code. */
  function named(code: string): string {
    const found = stages.value.find((each) => each.code === code)
    return found ? (language.value === 'zh' ? found.name_zh : found.name_en) : code
  }
  return { stages, named, query }
}

/** Move what the person has seen, and nothing newer. */
export const move = (given: { id: string; version: number; stage: string }, keyed: Keyed) =>
  said(
    api.POST('/api/v1/opportunities/{opportunity_id}/stage', {
      params: { path: { opportunity_id: given.id } },
      body: { stage: given.stage },
      headers: { ...keyed, 'If-Match': `"${given.version}"` }
    })
  )

export function refreshPipeline(): void {
  for (const name of ['opportunity', 'opportunities']) void queryClient.invalidateQueries({ queryKey: [name] })
}
