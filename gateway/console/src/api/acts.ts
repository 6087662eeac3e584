/**
 * The warehouse's acts, written down before they are sent: each is sent under its own key, in the order in which it
 * was done, until the server has answered. A refusal stays, with what stands behind it on the same document, until a
 * person decides. Whoever is still on the page is told at once and decides there.
 */
import { computed, reactive, watch } from 'vue'
import { api, newKey, said, type Schemas, session } from './client'
import { local } from './local'
import { asProblem, type FieldError, Problem } from './problem'
import { queryClient } from './queries'
import { recall } from './session'

export interface Bodies {
  pick: Schemas['PickIn']
  pack: Schemas['PackIn']
  ship: Schemas['ShipIn']
  receive: Schemas['PurchaseReceiptIn']
  take_in: Schemas['ReceiptIn']
  open_count: Schemas['CountIn']
  count: Schemas['CountedIn']
  close_count: Schemas['CountCloseIn']
}
export type ActKind = keyof Bodies

/**
 * An act as it is kept: `of` is its document (empty for what makes one that nothing follows; what is opened here has an
 * id of our making, so that the acts behind it wait for it), `label` what a person calls it.
 */
export interface Act<Kind extends ActKind = ActKind> {
  seq: number
  key: string
  kind: Kind
  of: string
  label: string
  body: Bodies[Kind]
  by: string
  at: string
  /** How often a server that was reached has failed at it. */
  failures: number
  refusal: { status: number; code: string; detail: string; errors: FieldError[] } | null
}
type Headers = { 'Idempotency-Key': string }
export type Outcome = { state: 'done'; answer: unknown } | { state: 'pending' } | { state: 'refused'; problem: Problem }

const note = (delivery_id: string) => ({ path: { delivery_id } })
const sheet = (count_id: string) => ({ path: { count_id } })
const SEND: { [Kind in ActKind]: (of: string, body: Bodies[Kind], headers: Headers) => Promise<unknown> } = {
  pick: (of, body, headers) => said(api.POST('/api/v1/deliveries/{delivery_id}/pick', { params: note(of), body, headers })),
  pack: (of, body, headers) => said(api.POST('/api/v1/deliveries/{delivery_id}/pack', { params: note(of), body, headers })),
  ship: (of, body, headers) => said(api.POST('/api/v1/deliveries/{delivery_id}/ship', { params: note(of), body, headers })),
  receive: (of, body, headers) => {
    const params = { path: { purchase_order_id: of } }
    return said(api.POST('/api/v1/purchase-orders/{purchase_order_id}/receipts', { params, body, headers }))
  },
  take_in: (_, body, headers) => said(api.POST('/api/v1/receipts', { body, headers })),
  open_count: (_, body, headers) => said(api.POST('/api/v1/stock-counts', { body, headers })),
  count: (of, body, headers) => said(api.POST('/api/v1/stock-counts/{count_id}/counted', { params: sheet(of), body, headers })),
  close_count: (of, body, headers) => said(api.POST('/api/v1/stock-counts/{count_id}/close', { params: sheet(of), body, headers }))
}
const CHANGED = ['delivery', 'deliveries', 'fulfilment', 'stock', 'purchases', 'purchase', 'counts', 'count']
const MOST_FAILURES = 5
const [SOON_MS, LATEST_MS] = [2_000, 30_000]

const state = reactive({ acts: [] as Act[] })
const attended = new Map<string, (outcome: Outcome) => void>()
const others = 'BroadcastChannel' in self ? new BroadcastChannel('meridian-acts') : null

/** The acts of this person that the server has not taken, the first one first. */
export const acts = computed(() => state.acts.filter((each) => each.by === session.user?.id))
export const actsOf = (document: string) => acts.value.filter((each) => each.of === document)
export const isOf = <Kind extends ActKind>(kind: Kind) => (act: Act): act is Act<Kind> => act.kind === kind
export const problemOfAct = (act: Act): Problem | null =>
  act.refusal && new Problem(act.refusal.status, act.refusal.code, act.refusal.detail, act.refusal.errors)

/** Write an act down and send it, behind those that wait. It is pending when nobody answers; then it is sent later. */
export async function perform<Kind extends ActKind>(
  kind: Kind,
  of: string,
  body: Bodies[Kind],
  label: string,
  key = newKey()
): Promise<Outcome> {
  const by = session.user?.id ?? ''
  const plain = JSON.parse(JSON.stringify(body)) as Bodies[Kind]
  const act = { key, kind, of, label, body: plain, by, at: new Date().toISOString(), failures: 0, refusal: null }
  const outcome = new Promise<Outcome>((resolve) => attended.set(key, resolve))
  await local('acts', 'readwrite', (store) => store.add(act))
  void drain()
  return outcome
}

/** Send a refused act once more, under the key it always had. */
export async function again(act: Act): Promise<void> {
  await put({ ...act, failures: 0, refusal: null })
  await drain()
}

/** What cannot be done once an act is given up: all that was done on the document which it would have opened. */
export const hangsOn = (act: Act): Act[] => (act.kind === 'open_count' ? actsOf(act.of).filter((each) => each.seq > act.seq) : [])

/** Give an act up, with what hangs on it: it was never done, or was done and its answer is lost. */
export async function discard(act: Act): Promise<void> {
  for (const each of [...hangsOn(act).reverse(), act]) await remove(each)
  await load()
  others?.postMessage('changed')
  await drain()
}

const put = (act: Act) => local('acts', 'readwrite', (store) => store.put(JSON.parse(JSON.stringify(act))))
const remove = (act: Act) => local('acts', 'readwrite', (store) => store.delete(act.seq))

async function load(): Promise<void> {
  state.acts = await local<Act[]>('acts', 'readonly', (store) => store.getAll()).catch(() => [])
}

let timer = 0
let pause = SOON_MS
let running: Promise<void> | null = null
let asked = false

/** Send what waits; two tabs never send at once. */
export function drain(): Promise<void> {
  asked = true
  running ??= run().finally(() => (running = null))
  return running
}

async function run(): Promise<void> {
  clearTimeout(timer)
  let reached = true
  while (asked && reached) {
    asked = false
    const work = async () => (reached = await sendAll())
    await ('locks' in navigator ? navigator.locks.request('meridian-acts', work) : work())
  }
  for (const [key, tell] of attended) {
    attended.delete(key)
    tell({ state: 'pending' })
  }
  others?.postMessage('changed')
  pause = reached ? SOON_MS : Math.min(pause * 2, LATEST_MS)
  if (!reached) timer = window.setTimeout(() => void drain(), pause)
}

/** Send act after act until one gets no answer; return whether all were answered. */
async function sendAll(): Promise<boolean> {
  const stuck = new Set<string>()
  const tried = new Set<number>()
  for (;;) {
    await load()
    for (const each of acts.value) if (each.refusal && each.of) stuck.add(each.of)
    const act = acts.value.find((each) => !each.refusal && !stuck.has(each.of) && !tried.has(each.seq))
    if (!act) return true
    tried.add(act.seq)
    if (!(await sendOne(act))) return false
  }
}

async function sendOne(act: Act): Promise<boolean> {
  let outcome: Outcome
  try {
    if (!session.csrf) await recall()
    const send = SEND[act.kind] as (of: string, body: Act['body'], headers: Headers) => Promise<unknown>
    outcome = { state: 'done', answer: await send(act.of, act.body, { 'Idempotency-Key': act.key }) }
  } catch (error) {
    const problem = asProblem(error)
    if (!(await isRefusal(act, problem))) return false
    outcome = { state: 'refused', problem }
  }
  const tell = attended.get(act.key)
  attended.delete(act.key)
  if (outcome.state === 'done' || tell) await remove(act)
  else await put({ ...act, refusal: told(outcome.state === 'refused' ? outcome.problem : null) })
  await load()
  tell?.(outcome)
  for (const name of CHANGED) void queryClient.invalidateQueries({ queryKey: [name] })
  return true
}

/** A server that fails at an act again and again refuses it in the end. */
async function isRefusal(act: Act, problem: Problem): Promise<boolean> {
  if (problem.code === 'csrf_token') session.csrf = ''
  if (problem.later) return false
  if (problem.status < 500) return true
  const failures = act.failures + 1
  await put({ ...act, failures })
  return failures >= MOST_FAILURES
}

const told = (problem: Problem | null): Act['refusal'] =>
  problem && { status: problem.status, code: problem.code, detail: problem.message, errors: problem.errors }

/** Begin: send what an earlier visit left, and again whenever there is hope. */
export function followActs(): void {
  others?.addEventListener('message', () => void load())
  addEventListener('online', () => void drain())
  watch(() => [session.user?.id, session.expired], () => session.user && !session.expired && void drain(), { immediate: true })
}
