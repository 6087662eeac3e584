/** What is found of a count's sheet, scanned or typed; it outlives a reload until it has been entered. */
import { type Ref, watch } from 'vue'
import { type Act, isOf } from '@/api/acts'
import type { Schemas } from '@/api/client'
import { choose, seenItems } from '@/api/seenItems'
import { t } from '@/ui/language'
import type { KnownItems } from './items'
import { names } from './picking'
import { useScanned } from './scanned'
import { serialsOf } from './serials'

type Item = Schemas['ItemOut']
type Sheet = Schemas['CountOut']['lines']

/** A line of the sheet, or (without a number) what lay there and is not on it. */
export interface Place {
  place: string
  line_no: number | null
  item_id: string
  sku: string
  lot: string | null
}
interface Found {
  now: Record<string, string>
  serials: Record<string, string>
  extra: Place[]
}

const nothing = (): Found => ({ now: {}, serials: {}, extra: [] })

export const placesOf = (sheet: Sheet): Place[] =>
  sheet.map(({ line_no, item_id, sku, lot }) => ({ place: String(line_no), line_no, item_id, sku, lot }))

/** What a line is called that is not on a sheet yet. */
export const calledOf = (line: { item_id?: string | null; lot?: string | null }): string => `${line.item_id}/${line.lot ?? ''}`

/** What was asked for or entered here, by its item, and is not sent yet. */
export function waitingLines(waiting: readonly Act[]): { item_id: string; lot: string | null }[] {
  const asked = waiting.filter(isOf('open_count')).flatMap((each) => each.body.item_ids ?? []).map((item_id) => ({ item_id, lot: null }))
  const entered = waiting.filter(isOf('count')).flatMap((each) => each.body.lines)
  const named = entered.flatMap(({ item_id, lot }) => (item_id ? [{ item_id, lot: lot ?? null }] : []))
  return [...new Map([...asked, ...named].map((line) => [calledOf(line), line])).values()]
}

/** Lines that wait, as places beside those of the sheet. An item that is kept by lot has one only where its lot is known. */
export function waitingPlaces(lines: ReturnType<typeof waitingLines>, sheet: readonly Place[], items: readonly Item[]): Place[] {
  const listed = new Set(sheet.map(calledOf))
  return lines.flatMap((line) => {
    const item = items.find((each) => each.id === line.item_id)
    if (!item || listed.has(calledOf(line)) || (item.tracking === 'lot' && !line.lot)) return []
    return [{ ...line, place: calledOf(line), line_no: null, sku: item.sku }]
  })
}

/** The places whose entry is not sent yet, as it names them: by the line of the sheet, or by what lies there. */
export const enteredPlaces = (waiting: readonly Act[]): Set<string> =>
  new Set(
    waiting
      .filter(isOf('count'))
      .filter((each) => !each.refusal)
      .flatMap((each) => each.body.lines.map((line) => (line.line_no ? String(line.line_no) : calledOf(line))))
  )

/** `sheetless`: the count is opened here only, so that what a code names is looked for among all items seen so far. */
export function useFound(id: string, places: Readonly<Ref<readonly Place[]>>, items: KnownItems, sheetless: () => boolean) {
  const { state: found, last, keep, tell, clear, inTurn } = useScanned(`meridian.found.${id}`, nothing)
  let next: Place | null = null
  const itemOf = (line: Place) => items.value.find((each) => each.id === line.item_id)
  keep()
  watch(places, onSheet, { immediate: true })

  /** What was found before there was a sheet goes to the line that it turned out to be. */
  function onSheet(listed: readonly Place[]): void {
    for (const line of listed) {
      const called = calledOf(line)
      found.extra = found.extra.filter((each) => each.place !== called)
      if (called === line.place) continue
      for (const typed of [found.now, found.serials]) {
        if (typed[called] !== undefined) typed[line.place] ??= typed[called]
        delete typed[called]
      }
    }
  }

  function count(line: Place, serial?: string): void {
    const here = serialsOf(found.serials[line.place])
    if (serial && here.includes(serial)) return tell(false, t('scan.twice', { code: serial }))
    if (serial) found.serials[line.place] = [...here, serial].join(' ')
    found.now[line.place] = String(Number(found.now[line.place] ?? 0) + 1)
    tell(true, t('count.found', { sku: line.sku, n: found.now[line.place]! }))
  }

  /** Count one of what a code names. A serial comes after its item; an item of several lots is named by its lot. */
  function take(code: string): unknown {
    const named = [...places.value, ...found.extra].filter((line) => names(code, line, itemOf(line)))
    if (named.length > 1) return tell(false, t('scan.lot_next', { sku: named[0]!.sku }))
    const line = named[0]
    if (line) {
      next = line
      return itemOf(line)?.tracking === 'serial' ? tell(true, t('scan.serial_next', { sku: line.sku })) : count(line)
    }
    if (next && itemOf(next)?.tracking === 'serial') return count(next, code)
    if (sheetless()) return unlisted(code)
    tell(false, t('count.not_listed', { code }))
  }

  /** Without a sheet, whatever lies there and is known is put on it. Of a lot, an item says nothing. */
  async function unlisted(code: string): Promise<void> {
    const item = (await seenItems()).find((each) => names(code, { sku: each.sku, lot: null }, each))
    if (!item || item.tracking === 'lot') return tell(false, t('count.not_listed', { code }))
    await choose(item)
    add(item, null)
    const line = [...places.value, ...found.extra].find((each) => each.item_id === item.id && each.lot === null)!
    next = line
    if (item.tracking === 'serial') tell(true, t('scan.serial_next', { sku: line.sku }))
    else count(line)
  }

  /** Put something on the sheet that it does not list. */
  function add(item: Item, lot: string | null): void {
    const place = calledOf({ item_id: item.id, lot })
    const known = [...places.value, ...found.extra].some((line) => line.item_id === item.id && line.lot === lot)
    if (!known) found.extra.push({ place, line_no: null, item_id: item.id, sku: item.sku, lot })
  }

  function forget(): void {
    clear()
    next = null
  }

  return { found, last, scan: inTurn(items.settled, take), add, forget }
}
