/** What is taken of a document, typed or scanned; it outlives a reload until the document has gone on. */
import { type Ref, watch } from 'vue'
import { api, said, type Schemas } from '@/api/client'
import { asProblem } from '@/api/problem'
import { t } from '@/ui/language'
import type { KnownItems } from './items'
import { useScanned } from './scanned'
import { serialsOf } from './serials'

type Item = Schemas['ItemOut']
/** A line that something is taken of; `place` names it among the others. */
export interface Line {
  place: string
  item_id: string
  sku: string
  lot: string | null
  quantity: string
}
interface Taken {
  now: Record<string, string>
  serials: Record<string, string>
  /** The lots that goods came in, where the line does not say one. */
  lots: Record<string, string>
  /** Whether quantities are counted from nothing, scan by scan, and not proposed whole. */
  counting: boolean
}

/** Whether a code names a line: by its lot, the number of its item, or any code of the item's own fields. */
export const names = (code: string, line: Pick<Line, 'sku' | 'lot'>, item: Item | undefined): boolean =>
  same(line.lot, code) || same(line.sku, code) || Object.values(item?.fields ?? {}).some((each) => same(each, code))
const same = (one: unknown, other: string): boolean => typeof one === 'string' && one.toLowerCase() === other.toLowerCase()

const nothing = (): Taken => ({ now: {}, serials: {}, lots: {}, counting: false })

/** `arriving`: the goods come in, so that nobody knows their lots and serials yet, and the item's code goes before them. */
export function useTaken(id: string, lines: Readonly<Ref<readonly Line[]>>, items: KnownItems, arriving = false) {
  const { state: taken, last, keep, tell, clear, inTurn } = useScanned(`meridian.taken.${id}`, nothing)
  let next: Line | null = null
  const itemOf = (line: Line) => items.value.find((each) => each.id === line.item_id)
  const left = (line: Line) => Number(line.quantity) - Number(taken.now[line.place] ?? 0)

  /** Propose what the note holds, or nothing while scans are counted; what was typed of an unchanged line stays. */
  function propose(all: readonly Line[], before: readonly Line[] = []): void {
    const earlier = new Map(before.map((line) => [line.place, String(line.quantity)]))
    for (const line of all) {
      const [place, held] = [line.place, String(line.quantity)]
      if ((earlier.get(place) ?? held) !== held) delete taken.now[place]
      taken.now[place] ??= taken.counting ? '0' : held
    }
  }
  watch(lines, propose, { immediate: true })
  keep()

  function count(line: Line, serial?: string): void {
    const place = line.place
    const here = serialsOf(taken.serials[place])
    if (serial && here.includes(serial)) return tell(false, t('scan.twice', { code: serial }))
    if (left(line) < 1) return tell(false, t('scan.enough', { sku: line.sku }))
    if (serial) taken.serials[place] = [...here, serial].join(' ')
    taken.now[place] = String(Number(taken.now[place] ?? 0) + 1)
    tell(true, t('scan.taken', { sku: line.sku, n: taken.now[place], of: Number(line.quantity) }))
  }

  /** Take what a code names: an item by its number or any code of its own fields, a lot, or a unit by its serial. */
  async function take(code: string): Promise<void> {
    if (!taken.counting) {
      taken.counting = true
      for (const line of lines.value) taken.now[line.place] = '0'
    }
    const named = lines.value.filter((line) => names(code, line, itemOf(line)))
    const line = named.find((each) => left(each) >= 1) ?? named[0]
    if (!line) return arriving ? namedNext(code) : bySerial(code)
    const tracking = itemOf(line)?.tracking
    next = line
    if (tracking === 'serial') return tell(true, t('scan.serial_next', { sku: line.sku }))
    if (arriving && tracking === 'lot' && !taken.lots[line.place]) return tell(true, t('scan.lot_next', { sku: line.sku }))
    count(line)
  }

  /** The lot or the serial of the item whose code was the last one. */
  function namedNext(code: string): void {
    const [line, tracking] = [next, next && itemOf(next)?.tracking]
    if (line && tracking === 'serial') return count(line, code)
    if (!line || tracking !== 'lot') return tell(false, t('scan.not_ordered', { code }))
    const lot = taken.lots[line.place]
    if (lot && !same(lot, code)) return tell(false, t('scan.other_lot', { lot }))
    taken.lots[line.place] = code
    count(line)
  }

  async function bySerial(code: string): Promise<void> {
    const kept = lines.value.filter((line) => itemOf(line)?.tracking === 'serial')
    for (const line of kept) {
      const path = { item_id: line.item_id, serial: code }
      try {
        await said(api.GET('/api/v1/items/{item_id}/serials/{serial}', { params: { path } }))
        return count(line, code)
      } catch (error) {
        // Without a connection nobody knows whose serial it is; where only one item has any, the server says it later.
        if (asProblem(error).unanswered && kept.length === 1) return count(line, code)
      }
    }
    tell(false, t('scan.wrong', { code }))
  }

  function whole(): void {
    taken.counting = false
    last.value = null
    for (const line of lines.value) taken.now[line.place] = String(line.quantity)
  }

  function forget(): void {
    clear()
    next = null
    propose(lines.value)
  }

  return { taken, last, scan: inTurn(items.settled, take), whole, forget }
}
