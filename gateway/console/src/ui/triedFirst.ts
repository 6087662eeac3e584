/** What is tried on past documents, as it stands, before it can be put to work. */
import { computed, shallowRef } from 'vue'
import { type Keyed, useAct } from '@/api/act'

type Send<Input, Output> = (input: Input, headers: Keyed) => Promise<Output>

/** `written` is what is tried; `put` puts it to work, perhaps with more beside it. */
export function useTriedFirst<Written, Trial, Whole, Kept>(
  written: () => Written, attempt: Send<Written, Trial>, put: Send<Whole, Kept>
) {
  const trying = useAct(attempt)
  const putting = useAct(put)
  const tried = shallowRef<{ text: string; trial: Trial } | null>(null)
  /** As soon as anything is changed, it has to be tried again. */
  const current = computed(() => tried.value?.text === JSON.stringify(written()))

  async function tryIt(): Promise<void> {
    putting.problem.value = null
    const what = written()
    const text = JSON.stringify(what)
    const trial = await trying.run(what)
    if (trial) tried.value = { text, trial }
  }

  return {
    tryIt,
    putToWork: putting.run,
    tried,
    current,
    trying: trying.busy,
    putting: putting.busy,
    problem: computed(() => trying.problem.value ?? putting.problem.value)
  }
}
