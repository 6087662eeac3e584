/** Answers that are kept, so that a screen still shows what it last saw when nobody answers. */
import { session } from './client'
import { local } from './local'
import { asProblem } from './problem'

interface KeptAnswer {
  name: string
  at: number
  answer: unknown
}

const LONGEST_MS = 7 * 24 * 3600 * 1000
/** An answer is of one person: another one on the same device never sees it. */
const own = (name: string): string => `${session.user?.id ?? ''}/${name}`

/** Keep an answer under a name. A browser that cannot keep anything only loses what it would show offline. */
export async function keep(name: string, answer: unknown): Promise<void> {
  const kept: KeptAnswer = { name: own(name), at: Date.now(), answer: JSON.parse(JSON.stringify(answer)) }
  await local('answers', 'readwrite', (store) => store.put(kept)).catch(() => undefined)
}

/** Return what is asked for; when nobody answers, what was answered last, if that is not too long ago. */
export async function keeping<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    const answer = await ask()
    void keep(name, answer)
    return answer
  } catch (error) {
    if (!asProblem(error).unanswered) throw error
    const kept = await local<KeptAnswer | undefined>('answers', 'readonly', (store) => store.get(own(name))).catch(() => undefined)
    if (!kept || Date.now() - kept.at > LONGEST_MS) throw error
    return kept.answer as T
  }
}

/** All that was kept under names that begin so and is not too old. */
export async function keptUnder<T>(start: string): Promise<T[]> {
  const all = await local<KeptAnswer[]>('answers', 'readonly', (store) => store.getAll()).catch(() => [])
  const fresh = all.filter((each) => each.name.startsWith(own(start)) && Date.now() - each.at <= LONGEST_MS)
  return fresh.map((each) => each.answer as T)
}

/** Forget every answer, of whomever. */
export const forgetAnswers = (): Promise<unknown> =>
  local('answers', 'readwrite', (store) => store.clear()).catch(() => undefined)
