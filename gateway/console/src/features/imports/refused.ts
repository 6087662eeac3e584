/** The rows that cannot be taken as a file of their own, each with what is wrong: to be mended and imported. */
import { documentsOf } from './blocks'
import type { Format } from './kinds'
import { cellsOf, type Mapping } from './mapping'
import type { Table } from './parsing'
import { columnTitle } from './columnWords'
import { messageOf } from './rowMessages'
import type { RowProblem } from './rowProblem'

/** Return the header and the rows, whole documents of them, in the file's sequence. */
export function refusedRows(table: Table, problems: readonly RowProblem[], mapping: Mapping, format: Format): string[][] {
  const wrong = new Map<number, string[]>()
  for (const each of problems) {
    const column = each.column && columnTitle(format.kind, each.column)
    wrong.set(each.line, [...(wrong.get(each.line) ?? []), column ? `${column}: ${messageOf(each)}` : messageOf(each)])
  }
  const sent = table.rows.map((row) => ({ line: row.line, cells: cellsOf(row.cells, mapping) }))
  const lines = new Set(documentsOf(sent, format).filter((rows) => rows.some((row) => wrong.has(row.line))).flat().map((row) => row.line))
  const width = table.header.length
  const rows = table.rows.filter((row) => lines.has(row.line)).map(({ line, cells }) => {
    const whole = table.header.map((_, place) => cells[place] ?? '')
    return [...whole, (wrong.get(line) ?? []).join('; '), ...cells.slice(width)]
  })
  return [[...table.header, 'error'], ...rows]
}
