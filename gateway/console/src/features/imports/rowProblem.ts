/** One thing wrong with a row, found here or by the server. */
import type { Word } from '@/ui/words'

export interface RowProblem {
  /** The line of the file that the row begins on; the header's is 1. */
  line: number
  /** The format's column, or null: the whole row. */
  column: string | null
  /** What the server says of it. */
  message?: string
  /** What was found here, in the reader's language. */
  word?: Word
  given?: Record<string, string | number>
}
