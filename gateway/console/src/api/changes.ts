/**
 * What the server says has changed, as it happens: the lists that show it are asked for anew. One tab listens for all;
 * where there is no room for another listener, and while the line is broken, lists ask by themselves, more often.
 */
import { ref, watch } from 'vue'
import { session } from './client'
import { queryClient } from './queries'

const LISTS: Record<string, string[]> = {
  deliveries: ['deliveries', 'delivery', 'fulfilment'],
  purchases: ['purchases', 'purchase'],
  counts: ['counts', 'count'],
  stock: ['stock'],
  approvals: ['inbox', 'approvals']
}
const [LATER_MS, HEARD_MS] = [30_000, 25_000]

/** Whether changes come by themselves now. */
export const live = ref(false)
/** How often to ask: seldom while changes come by themselves. */
export const pace = (quick: number): number => (live.value ? Math.max(quick, LATER_MS) : quick)

const tabs = 'BroadcastChannel' in self ? new BroadcastChannel('meridian-changes') : null
let source: EventSource | null = null
let lapse = 0

function heard(kinds: string[]): void {
  live.value = true
  clearTimeout(lapse)
  lapse = window.setTimeout(() => (live.value = false), HEARD_MS)
  for (const name of kinds.flatMap((kind) => LISTS[kind] ?? [])) void queryClient.invalidateQueries({ queryKey: [name] })
}

function pass(kinds: string[]): void {
  heard(kinds)
  tabs?.postMessage(kinds)
}

function listen(): void {
  if (!session.user || session.expired || source) return
  source = new EventSource('/api/v1/changes')
  const beat = window.setInterval(() => source?.readyState === EventSource.OPEN && pass([]), HEARD_MS / 2)
  // Whatever changed while nobody listened is asked for once.
  source.onopen = () => pass(Object.keys(LISTS))
  source.onmessage = (event) => pass((JSON.parse(event.data) as { kinds: string[] }).kinds)
  source.onerror = () => {
    live.value = false
    if (source?.readyState !== EventSource.CLOSED) return
    clearInterval(beat)
    source = null
    setTimeout(listen, LATER_MS)
  }
}

/** Begin to listen, in the first tab that is there; another takes over when it is closed. */
export function followChanges(): void {
  tabs?.addEventListener('message', (event) => heard(event.data as string[]))
  const begin = () => watch(() => [session.user?.id, session.expired], listen, { immediate: true })
  const forEver = new Promise<void>(() => undefined)
  if (!('locks' in navigator)) begin()
  else void navigator.locks.request('meridian-changes', () => (begin(), forEver))
}
