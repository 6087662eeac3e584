/** An act of a person: sent under one key until it is answered, so that asking twice does it once. */
import { ref, shallowRef } from 'vue'
import { newKey } from './client'
import { asProblem, type Problem } from './problem'

export type Keyed = { 'Idempotency-Key': string }

/**
 * `send` gets the headers that hold the key. The key stays the same while what is sent stays the same and nobody has
 * answered; an answer, also a refusal, ends it.
 */
export function useAct<Input, Output>(send: (input: Input, headers: Keyed) => Promise<Output>) {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let pending: { key: string; input: string } | null = null

  async function run(input: Input): Promise<Output | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = null
    const text = JSON.stringify(input ?? null)
    if (pending?.input !== text) pending = { key: newKey(), input: text }
    try {
      const answer = await send(input, { 'Idempotency-Key': pending.key })
      pending = null
      return answer
    } catch (error) {
      problem.value = asProblem(error)
      if (!problem.value.unanswered) pending = null
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { run, busy, problem }
}
