/** What is set for the whole desk: read, written over as a draft, and kept as the next version of what was read. */
import { useQuery } from '@tanstack/vue-query'
import { ElMessage } from 'element-plus'
import { computed, type Ref, ref, watch } from 'vue'
import { type Keyed, useAct } from '@/api/act'
import { asProblem } from '@/api/problem'
import { queryClient } from '@/api/queries'
import { t } from '@/ui/language'

interface Ways<Read extends { version?: number }, Draft, Body> {
  key: string
  read: () => Promise<Read>
  put: (body: Body, headers: Keyed & { 'If-Match': string }) => Promise<Read>
  draftOf: (read: Read) => Draft
  bodyOf: (draft: Draft) => Body
}

export function useSetting<Read extends { version?: number }, Draft, Body>(ways: Ways<Read, Draft, Body>) {
  const query = useQuery({ queryKey: [ways.key], queryFn: ways.read })
  const draft = ref<Draft>() as Ref<Draft | undefined>
  const version = ref(0)
  function begin(read: Read): void {
    draft.value = ways.draftOf(read)
    version.value = read.version ?? 0
  }
  // What somebody else keeps meanwhile does not write over what is typed; saving then tells of it.
  watch(() => query.data.value as Read | undefined, (read) => read && !draft.value && begin(read), { immediate: true })
  const act = useAct((body: Body, keyed: Keyed) => ways.put(body, { ...keyed, 'If-Match': `"${version.value}"` }))
  const problem = act.problem

  async function save(): Promise<void> {
    const made = await act.run(ways.bodyOf(draft.value!))
    if (!made) return
    queryClient.setQueryData([ways.key], made)
    begin(made)
    ElMessage.success(t('policy.saved', { n: made.version! }))
  }

  async function again(): Promise<void> {
    const answer = await query.refetch()
    problem.value = null
    if (answer.data) begin(answer.data as Read)
  }

  return {
    draft,
    version,
    save,
    again,
    problem,
    busy: act.busy,
    pending: query.isPending,
    error: computed(() => (query.error.value && !draft.value ? asProblem(query.error.value) : null)),
    about: (part: string): string => problem.value?.within(part) ?? '',
    outdated: computed(() => problem.value?.status === 412)
  }
}
