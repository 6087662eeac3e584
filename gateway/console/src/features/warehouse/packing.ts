/** Packages as they are filled, scanned or typed; they outlive a reload until the note is packed. */
import { computed, type Ref, watch } from 'vue'
import type { Bodies } from '@/api/acts'
import { t } from '@/ui/language'
import type { KnownItems } from './items'
import { type Line, names } from './picking'
import { useScanned } from './scanned'
import { serialsOf } from './serials'

export type PackLine = Line & { order_line_id: string; uom: string }
/** Sizes as they are typed: grams and millimetres. */
export const SIZES = ['weight_g', 'length_mm', 'width_mm', 'height_mm'] as const
export interface Box {
  sizes: Record<(typeof SIZES)[number], string>
  tracking_number: string
  /** How much of each line is in it. */
  now: Record<string, string>
}
interface Packed {
  boxes: Box[]
  /** Which package a scan goes into. */
  current: number
  scanning: boolean
  reasons: Record<string, string>
  serials: Record<string, string>
}

const emptyBox = (): Box => ({ sizes: { weight_g: '', length_mm: '', width_mm: '', height_mm: '' }, tracking_number: '', now: {} })
const nothing = (): Packed => ({ boxes: [], current: 0, scanning: false, reasons: {}, serials: {} })
const milli = (quantity: string | undefined): number => Math.round(Number(quantity?.trim() || 0) * 1000)

export function usePacking(id: string, lines: Readonly<Ref<readonly PackLine[]>>, items: KnownItems) {
  const { state: packed, last, keep, tell, clear, inTurn } = useScanned(`meridian.packed.${id}`, nothing)
  const restMilli = (line: PackLine) => milli(line.quantity) - packed.boxes.reduce((sum, box) => sum + milli(box.now[line.place]), 0)
  const rest = (line: PackLine): string => String(restMilli(line) / 1000)
  const tooMuch = computed(() => lines.value.filter((line) => restMilli(line) < 0 || Number.isNaN(restMilli(line))))
  const left = computed(() => lines.value.filter((line) => restMilli(line) > 0))

  /** Propose one package with everything. */
  function propose(): void {
    if (packed.boxes.length || !lines.value.length) return
    packed.boxes.push(emptyBox())
    for (const line of lines.value) packed.boxes[0]!.now[line.place] = line.quantity
  }
  watch(lines, propose, { immediate: true })
  keep()

  /** Put one of what a code names into the package that is open; the first scan empties what was proposed. */
  function take(code: string): void {
    const named = lines.value.filter((line) => names(code, line, items.value.find((each) => each.id === line.item_id)))
    if (!named.length) return tell(false, t('scan.wrong', { code }))
    if (!packed.scanning) {
      packed.scanning = true
      for (const box of packed.boxes) box.now = {}
    }
    const line = named.find((each) => restMilli(each) >= 1000)
    const box = packed.boxes[packed.current]
    if (!line || !box) return tell(false, t('scan.enough', { sku: named[0]!.sku }))
    box.now[line.place] = String((milli(box.now[line.place]) + 1000) / 1000)
    tell(true, t('pack.in', { sku: line.sku, n: packed.current + 1, rest: rest(line) }))
  }

  function add(): void {
    packed.boxes.push(emptyBox())
    packed.current = packed.boxes.length - 1
  }

  function remove(index: number): void {
    packed.boxes.splice(index, 1)
    packed.current = Math.min(packed.current, packed.boxes.length - 1)
  }

  /** Put all that is in no package yet into one. */
  function fill(index: number): void {
    for (const line of left.value) packed.boxes[index]!.now[line.place] = String((milli(packed.boxes[index]!.now[line.place]) + restMilli(line)) / 1000)
  }

  const body = computed<Bodies['pack']>(() => ({
    packages: packed.boxes.map((box) => ({
      ...Object.fromEntries(SIZES.filter((size) => box.sizes[size].trim()).map((size) => [size, Number(box.sizes[size])])),
      tracking_number: box.tracking_number.trim() || null,
      lines: lines.value.filter((line) => milli(box.now[line.place])).map((line) => part(line, box.now[line.place]!.trim()))
    })),
    left_out: left.value.map((line) => {
      const serials = serialsOf(packed.serials[line.place])
      return { ...part(line, rest(line)), reason: packed.reasons[line.place]?.trim() ?? '', ...(serials.length ? { serials } : {}) }
    })
  }))
  const part = (line: PackLine, quantity: string) => ({ order_line_id: line.order_line_id, quantity, ...(line.lot ? { lot: line.lot } : {}) })
  /** Whether all is in a package or left out for a reason, no package is empty, and sizes are whole numbers. */
  const ready = computed(
    () => !tooMuch.value.length && body.value.packages.length > 0 && body.value.packages.every((each) => each.lines.length) &&
      (body.value.left_out ?? []).every((each) => each.reason) &&
      packed.boxes.every((box) => SIZES.every((size) => /^\d*$/.test(box.sizes[size].trim())))
  )

  return { packed, last, left, tooMuch, ready, body, rest, scan: inTurn(items.settled, take), add, remove, fill, forget: clear }
}
