/** One act of a terminal's page: what it says when it is done, kept for later, or refused. */
import { ElMessage } from 'element-plus'
import { ref, shallowRef } from 'vue'
import { type ActKind, type Bodies, perform } from '@/api/acts'
import type { Problem } from '@/api/problem'
import { t } from '@/ui/language'

/** What is said once it is done; it may depend on what was answered. */
type Saying = string | ((answer: unknown) => string)

export function useDoing() {
  const busy = ref<ActKind | null>(null)
  const problem = shallowRef<Problem | null>(null)

  /** Do it, or write it down for later; false when it was refused. */
  async function act<Kind extends ActKind>(kind: Kind, of: string, body: Bodies[Kind], label: string, saying: Saying): Promise<boolean> {
    busy.value = kind
    problem.value = null
    const outcome = await perform(kind, of, body, label).finally(() => (busy.value = null))
    if (outcome.state === 'refused') problem.value = outcome.problem
    else if (outcome.state === 'pending') ElMessage.warning(t('pending.kept'))
    else ElMessage.success(typeof saying === 'string' ? saying : saying(outcome.answer))
    return outcome.state !== 'refused'
  }

  return { act, busy, problem }
}
