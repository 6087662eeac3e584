/** What a return's forms begin with and send. */
import type { Schemas } from '@/api/client'

export type Returned = Schemas['ReturnOut']
export type ReturnedLine = NonNullable<Returned['lines']>[number]

export interface Received {
  came: string
  serials: string[]
}
/** All that was announced came, until somebody says otherwise. */
export const newReceived = (line: ReturnedLine): Received => ({ came: String(line.quantity), serials: [] })

export const receivedPart = (line: ReturnedLine, said: Received): Schemas['ReceivedPartIn'] => ({
  line_no: line.line_no!,
  quantity: said.came.trim() || '0',
  ...(said.serials.length ? { serials: said.serials } : {})
})

export interface Inspected {
  restock: string
  scrap: string
  serials: string[]
  credit: boolean
  note: string
}
export const newInspected = (line: ReturnedLine): Inspected => ({
  restock: String(line.received), scrap: '0', serials: [], credit: true, note: ''
})

export const inspection = (line: ReturnedLine, said: Inspected): Schemas['InspectionIn'] => ({
  line_no: line.line_no!,
  restock: said.restock.trim() || '0',
  scrap: said.scrap.trim() || '0',
  credit: said.credit,
  note: said.note.trim() || null,
  ...(said.serials.length ? { scrap_serials: said.serials } : {})
})
