const plain = (text: string): string => (/^[=+\-@]/.test(text) ? `'${text}` : text)
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

interface Written {
  separator?: string
  /** The cells are a person's own, and are read in again: nothing is changed in them. */
  exact?: boolean
}

/** Hand rows to the browser as a file; a cell that a spreadsheet would take for a formula is made plain text. */
export function download(name: string, rows: readonly (readonly string[])[], { separator = ',', exact = false }: Written = {}): void {
  const cell = (text: string): string => quoted(exact ? text : plain(text))
  const text = `\ufeff${rows.map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = Object.assign(document.createElement('a'), { href: address, download: `${name}.csv` })
  link.click()
  URL.revokeObjectURL(address)
}
