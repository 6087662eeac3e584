/** A delivery note as it stands here: as the server said it, with what was done since and is not sent yet. */
import type { Act } from '@/api/acts'
import type { Schemas } from '@/api/client'

export type Note = Schemas['DeliveryOut']
export type NoteLine = Note['lines'][number]

const AFTER = { pick: 'picked', pack: 'packed', ship: 'shipped' } as const

/** Of an item that is kept by lot, a line of the order is one line here for each of its lots. */
export const placeOf = (line: Pick<NoteLine, 'order_line_id' | 'lot'>): string => `${line.order_line_id}/${line.lot ?? ''}`

export function withActs(note: Note, acts: readonly Act[]): Note {
  return acts.filter((each) => !each.refusal).reduce(after, note)
}

function after(note: Note, act: Act): Note {
  if (!(act.kind in AFTER)) return note
  const state = AFTER[act.kind as keyof typeof AFTER]
  if (act.kind === 'pack') return { ...note, state, lines: without((act as Act<'pack'>).body.left_out ?? [], note.lines) }
  const picked = act.kind === 'pick' ? ((act as Act<'pick'>).body.lines ?? []) : []
  if (!picked.length) return { ...note, state }
  const taken = new Map<string, string>()
  for (const part of picked) taken.set(placeOf({ order_line_id: part.order_line_id, lot: part.lot ?? null }), String(part.quantity))
  const lines = note.lines
    .map((line) => ({ ...line, quantity: taken.get(placeOf(line)) ?? taken.get(`${line.order_line_id}/`) ?? '0' }))
    .filter((line) => !/^0*(\.0*)?$/.test(line.quantity))
  return { ...note, state, lines }
}

type Part = { order_line_id: string; lot?: string | null; quantity: string | number }

/** What is left out at packing goes on to a note of its own. */
function without(left: readonly Part[], lines: readonly NoteLine[]): NoteLine[] {
  const out = (line: NoteLine) =>
    left.find((part) => part.order_line_id === line.order_line_id && (part.lot ?? line.lot) === line.lot)?.quantity ?? 0
  return lines
    .map((line) => ({ ...line, quantity: String(Math.round((Number(line.quantity) - Number(out(line))) * 1000) / 1000) }))
    .filter((line) => Number(line.quantity) > 0)
}
