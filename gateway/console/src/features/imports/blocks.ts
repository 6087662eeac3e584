/** Rows put together as they are sent: whole documents, so many at a time as one request may bring. */
import type { Format, SentRow } from './kinds'
import type { RowProblem } from './rowProblem'

export const MOST_ROWS = 500
/** Well below what a request may have (1 MiB), with the login names beside the rows. */
export const MOST_BYTES = 700_000
/** What one cell may have at most. */
export const LONGEST_CELL = 20_000

export type Document = SentRow[]

const size = (row: SentRow): number => new TextEncoder().encode(JSON.stringify(row)).length + 1
const named = (row: SentRow, columns: readonly string[]): string => columns.map((each) => row.cells[each] ?? '').join('\u001f')

/** Rows with the same document's name are one, wherever they stand; without such columns each row is for itself. */
export function documentsOf(rows: readonly SentRow[], format: Format): Document[] {
  if (!format.belongs_by.length) return rows.map((row) => [row])
  const found = new Map<string, Document>()
  for (const row of rows) {
    const name = named(row, format.belongs_by)
    const document = found.get(name)
    if (document) document.push(row)
    else found.set(name, [row])
  }
  return [...found.values()]
}

/** What is wrong with the rows that can be seen before anybody is asked. */
export function foundHere(documents: readonly Document[], format: Format): RowProblem[] {
  return [...documents.flatMap((document) => tooLarge(document, format)), ...repeated(documents.flat(), format)]
}

function tooLarge(document: Document, format: Format): RowProblem[] {
  const wrong: RowProblem[] = document.flatMap((row) =>
    Object.entries(row.cells)
      .filter(([, text]) => text.length > LONGEST_CELL)
      .map(([column]) => ({ line: row.line, column, word: 'import.cell_too_long' as const, given: { most: LONGEST_CELL } }))
  )
  const whole = document.length > MOST_ROWS || document.reduce((sum, row) => sum + size(row), 0) > MOST_BYTES
  if (!wrong.length && whole) {
    const column = format.belongs_by[0] ?? null
    wrong.push({ line: document[0]!.line, column, word: 'import.document_too_large', given: { n: document.length, most: MOST_ROWS } })
  }
  return wrong
}

/** A row whose key an earlier one has; what lacks a part of its key is told by the server. */
function repeated(rows: readonly SentRow[], format: Format): RowProblem[] {
  const first = new Map<string, number>()
  const wrong: RowProblem[] = []
  for (const row of [...rows].sort((one, other) => one.line - other.line)) {
    const key = named(row, format.key)
    if (!row.cells[format.key[0]!]) continue
    const before = first.get(key)
    if (before === undefined) first.set(key, row.line)
    else wrong.push({ line: row.line, column: format.key.at(-1)!, word: 'import.repeats', given: { line: before } })
  }
  return wrong
}

/** The documents that have none of the lines. */
export const without = (documents: readonly Document[], lines: ReadonlySet<number>): Document[] =>
  documents.filter((document) => document.every((row) => !lines.has(row.line)))

/** Put documents together until a request is full. */
export function blocksOf(documents: readonly Document[]): SentRow[][] {
  const blocks: SentRow[][] = []
  let [block, bytes]: [SentRow[], number] = [[], 0]
  for (const document of documents) {
    const more = document.reduce((sum, row) => sum + size(row), 0)
    if (block.length && (block.length + document.length > MOST_ROWS || bytes + more > MOST_BYTES)) {
      blocks.push(block)
      ;[block, bytes] = [[], 0]
    }
    block.push(...document)
    bytes += more
  }
  if (block.length) blocks.push(block)
  return blocks
}

/** Lines as a person writes them down, `2–501, 503`: from one to the next of them, unless one of the others lies between. */
export function ranges(lines: readonly number[], others: readonly number[]): string {
  const among = [...lines.map((line) => ({ line, mine: true })), ...others.map((line) => ({ line, mine: false }))]
  const parts: [number, number][] = []
  let going = false
  for (const { line, mine } of among.sort((one, other) => one.line - other.line)) {
    if (mine && going) parts.at(-1)![1] = line
    else if (mine) parts.push([line, line])
    going = mine
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
