/** Which column of the file is which of the format's. */
import { columnName } from './columnWords'
import type { Format, FormatColumn } from './kinds'

/** The places in the file's header by the format's columns; those that the file does not have are left out. */
export type Mapping = Record<string, number>

const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[\s_*-]+/g, '')

/**
 * Match by name: case, blanks and underscores do not count, and the Chinese names are known as well. What is left is
 * matched by what the column means in a word, such as `Company`.
 */
export function matched(format: Format, header: readonly string[]): Mapping {
  const mapping: Mapping = {}
  const written = header.map(plain)
  const called = [(each: FormatColumn) => [each.name, columnName(format.kind, each.name) ?? ''], (each: FormatColumn) => [each.meaning]]
  for (const names of called) {
    const used = new Set(Object.values(mapping))
    for (const column of format.columns.filter((each) => mapping[each.name] === undefined)) {
      const own = names(column).map(plain)
      const place = written.findIndex((each, at) => each !== '' && !used.has(at) && own.includes(each))
      if (place >= 0) mapping[column.name] = place
    }
  }
  return mapping
}

/** The columns that every row must fill in and that nothing in the file is taken for. */
export const missing = (format: Format, mapping: Mapping): string[] =>
  format.columns.filter((each) => each.required && mapping[each.name] === undefined).map((each) => each.name)

/** The columns of the file that are taken for nothing. */
export function unused(header: readonly string[], mapping: Mapping): string[] {
  const used = new Set(Object.values(mapping))
  return header.map(titled).filter((_, place) => !used.has(place))
}

/** What a column of the file is called; one without a name by its letter, as in a spreadsheet. */
export function titled(name: string, place: number): string {
  if (name) return name
  const letter = String.fromCharCode(65 + (place % 26))
  return place < 26 ? letter : String.fromCharCode(64 + Math.floor(place / 26)) + letter
}

/** The texts of a row by the format's columns; empty ones are left out. */
export function cellsOf(cells: readonly string[], mapping: Mapping): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, place] of Object.entries(mapping)) {
    const text = cells[place]?.trim()
    if (text) found[name] = text
  }
  return found
}
