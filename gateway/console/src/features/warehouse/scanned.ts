/** What is gathered scan by scan and typed beside: it outlives a reload, and each scan is told by eye and by ear. */
import { reactive, ref, watch } from 'vue'
import { beep } from '@/ui/scanner'

export function useScanned<State extends object>(kept: string, nothing: () => State) {
  const state = reactive({ ...nothing(), ...JSON.parse(sessionStorage.getItem(kept) ?? '{}') }) as State
  const last = ref<{ good: boolean; text: string } | null>(null)

  /** Keep every change from now on: what is proposed at first is proposed again, and not kept. */
  function keep(): void {
    watch(state, (now) => sessionStorage.setItem(kept, JSON.stringify(now)), { deep: true })
  }

  function tell(good: boolean, text: string): void {
    last.value = { good, text }
    beep(good)
  }

  function clear(): void {
    Object.assign(state, nothing())
    last.value = null
  }

  /** Do what is to be done with scans one after the other, each once what it needs is known. */
  function inTurn(known: () => Promise<unknown>, take: (code: string) => unknown): (code: string) => void {
    let before: Promise<unknown> = Promise.resolve()
    return (code) => void (before = before.then(known).then(() => take(code)).catch(reportError))
  }

  return { state, last, keep, tell, clear, inTurn }
}
