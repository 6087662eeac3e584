/** From the bytes of a file to its header and rows; nothing is sent for it. */
import Papa from 'papaparse'
import type { RowProblem } from './rowProblem'

export const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le'] as const
export type Encoding = (typeof ENCODINGS)[number]
export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const
export type Separator = keyof typeof SEPARATORS
/** What a browser still holds and shows with ease: far more than a company has of anything. */
export const MOST_BYTES = 50 * 1024 * 1024

export interface FileRow {
  line: number
  cells: string[]
}
export interface Table {
  header: string[]
  rows: FileRow[]
  problems: RowProblem[]
}

/** A workbook is a packed folder; its first two letters say so. */
export const isWorkbook = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b

/** Return how the file is written: what is no UTF-8 was written by a spreadsheet in Chinese, or as “Unicode text”. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

/** Return the text without its byte order mark; every line ends in the same way, also within a cell. */
export const textOf = (bytes: Uint8Array, encoding: Encoding): string =>
  new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n')

/** Return what stands between the cells: what parts the first row into most of them. */
export function separatorOf(text: string): Separator {
  const names = Object.keys(SEPARATORS) as Separator[]
  const cells = (name: Separator): number =>
    Papa.parse<string[]>(text, { delimiter: SEPARATORS[name], newline: '\n', preview: 1 }).data[0]?.length ?? 0
  return names.reduce((best, each) => (cells(each) > cells(best) ? each : best))
}

/** Part a text into rows. Each has the line that it begins on; rows without anything in them are passed over. */
export function tableOf(text: string, separator: Separator): Table {
  const table: Table = { header: [], rows: [], problems: [] }
  let [line, from, begun] = [1, 0, false]
  Papa.parse<string[]>(text, {
    delimiter: SEPARATORS[separator],
    newline: '\n',
    step({ data, errors, meta }) {
      const at = line
      for (let place = from; place < meta.cursor; place += 1) if (text[place] === '\n') line += 1
      from = meta.cursor
      if (data.every((cell) => !cell.trim())) return
      if (!begun) {
        begun = true
        table.header = data.map((cell) => cell.trim())
        return
      }
      const row = { line: at, cells: data }
      table.rows.push(row)
      if (errors.some((each) => each.type === 'Quotes')) table.problems.push({ line: at, column: null, word: 'import.bad_quotes' })
      const width = table.header.length
      // What only has separators behind it has nothing too much.
      if (data.slice(width).some((cell) => cell.trim())) {
        table.problems.push({ line: at, column: null, word: 'import.too_many_cells', given: { n: data.length, header: width } })
      }
    }
  })
  return table
}
