/**
 * Sends block after block, each under a key of its own until it is answered: what is sent again after a lost answer
 * is done once. Where nobody answers, or there is too much to do, it waits and goes on by itself.
 */
import { computed, onScopeDispose, reactive, watch } from 'vue'
import { newKey, session } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import { recall } from '@/api/session'
import type { SentRow } from './kinds'

export interface Parcel {
  key: string
  rows: SentRow[]
}
export type SendingState = 'idle' | 'sending' | 'waiting' | 'stopped' | 'refused' | 'done'

const [SOON_MS, LATEST_MS] = [2_000, 30_000]
/** How often a server that was reached may fail at one block before a person is asked. */
const MOST_FAILURES = 5

export const parcelsOf = (blocks: readonly SentRow[][]): Parcel[] => blocks.map((rows) => ({ key: newKey(), rows }))

export function useSending<Answer>() {
  const progress = reactive({ state: 'idle' as SendingState, rows: 0, of: 0, problem: null as Problem | null, stopping: false })
  let [parcels, next, failures, pause]: [Parcel[], number, number, number] = [[], 0, 0, SOON_MS]
  let send: (parcel: Parcel) => Promise<Answer> = () => Promise.reject(new Error('nothing is sent'))
  let answered: (answer: Answer, parcel: Parcel) => void = () => undefined
  let wake: () => void = () => undefined
  /** Another round has begun, or nobody looks any more: what is under way ends unheard. */
  let round = 0

  /** Send all; resolves when everything is answered, refused or stopped. */
  async function begin(given: Parcel[], by: typeof send, heard: typeof answered): Promise<void> {
    ;[parcels, next, failures, send, answered] = [given, 0, 0, by, heard]
    Object.assign(progress, { rows: 0, of: given.reduce((sum, each) => sum + each.rows.length, 0) })
    await goOn()
  }

  /** Go on with the block that was not answered, under its key. */
  async function goOn(): Promise<void> {
    const mine = ++round
    ;[failures, pause] = [0, SOON_MS]
    Object.assign(progress, { state: 'sending', problem: null, stopping: false })
    while (next < parcels.length) {
      if (progress.stopping) return end(mine, 'stopped')
      const parcel = parcels[next]!
      try {
        if (!session.csrf) await recall()
        const answer = await send(parcel)
        if (mine !== round) return
        next += 1
        ;[failures, pause] = [0, SOON_MS]
        Object.assign(progress, { state: 'sending', problem: null, rows: progress.rows + parcel.rows.length })
        answered(answer, parcel)
      } catch (error) {
        if (mine !== round) return
        progress.problem = asProblem(error)
        if (progress.problem.code === 'csrf_token') session.csrf = ''
        if (!progress.problem.later && progress.problem.status < 500) return end(mine, 'refused')
        if (!progress.problem.later && ++failures >= MOST_FAILURES) return end(mine, 'stopped')
        progress.state = 'waiting'
        await rest()
        if (mine !== round) return
      }
    }
    end(mine, 'done')
  }

  function end(mine: number, state: SendingState): void {
    if (mine === round) Object.assign(progress, { state, stopping: false })
  }

  /** Wait a while, longer each time; less where there is hope again. */
  async function rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = window.setTimeout(resolve, pause)
      wake = () => (clearTimeout(timer), resolve())
    })
    pause = Math.min(pause * 2, LATEST_MS)
  }

  /** Send nothing more once the block under way is answered. */
  function stop(): void {
    progress.stopping = true
    wake()
  }

  function reset(): void {
    round += 1
    wake()
    Object.assign(progress, { state: 'idle', rows: 0, of: 0, problem: null, stopping: false })
  }

  const hope = (): void => wake()
  addEventListener('online', hope)
  watch(() => session.expired, (expired) => expired || wake())
  onScopeDispose(() => {
    removeEventListener('online', hope)
    round += 1
    wake()
  })

  const busy = computed(() => progress.state === 'sending' || progress.state === 'waiting')
  return { progress, busy, begin, goOn, stop, reset, hurry: hope }
}
/** What a person sees of it, and may do about it. */
export type Sending = Omit<ReturnType<typeof useSending<unknown>>, 'begin' | 'goOn'>
