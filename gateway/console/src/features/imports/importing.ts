/** Everything about bringing one file in: what was chosen, what a look found, and what has been taken. */
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import { asProblem } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { Word } from '@/ui/words'
import { blocksOf, type Document, documentsOf, foundHere, without } from './blocks'
import type { Answer, Format, Kind, SentRow } from './kinds'
import { useLogins } from './logins'
import { cellsOf, type Mapping, matched, missing } from './mapping'
import { type Encoding, encodingOf, isWorkbook, MOST_BYTES, type Separator, separatorOf, type Table, tableOf, textOf } from './parsing'
import type { RowProblem } from './rowProblem'
import { type Parcel, parcelsOf, useSending } from './sending'

/** What would come of the rows. */
export interface Look {
  rows: number
  taken: number
  skipped: number
  problems: RowProblem[]
  /** Rows that are wrong, or belong to a document with one that is. */
  leftOut: number
}

/** What a look at some of the rows found. */
type Found = Pick<Look, 'taken' | 'skipped' | 'problems'>

/** What came of them. */
export interface Result {
  taken: number
  skipped: number
  lines: number[]
  /** Lines that were sent and not taken. */
  left: number[]
  problems: RowProblem[]
}

export function useImport(kind: Kind, format: Format) {
  const file = shallowRef<{ name: string; bytes: Uint8Array } | null>(null)
  const unreadable = ref<Word | null>(null)
  const encoding = ref<Encoding>('utf-8')
  const separator = ref<Separator>('comma')
  const mapping = ref<Mapping>({})
  const skip = ref(false)
  const look = shallowRef<Look | null>(null)
  const result = shallowRef<Result | null>(null)
  const purpose = ref<'look' | 'take'>('look')
  const sending = useSending<Found>()
  let logins = useLogins()

  const text = computed(() => (file.value ? textOf(file.value.bytes, encoding.value) : ''))
  const table = computed<Table>(() => tableOf(text.value, separator.value))
  const lacking = computed(() => missing(format, mapping.value))
  const ready = computed(() => Boolean(table.value.rows.length) && !lacking.value.length)
  let documents: Document[] = []

  /** Another file or another choice: what was found before says nothing of it. */
  function forget(): void {
    look.value = null
    sending.reset()
  }

  async function choose(chosen: File): Promise<void> {
    forget()
    result.value = null
    ;[file.value, unreadable.value] = [null, null]
    if (chosen.size > MOST_BYTES) return void (unreadable.value = 'import.too_large')
    const bytes = await chosen.arrayBuffer().then((read) => new Uint8Array(read), () => null)
    if (!bytes) return void (unreadable.value = 'import.unreadable')
    if (isWorkbook(bytes)) return void (unreadable.value = 'import.workbook')
    encoding.value = encodingOf(bytes)
    file.value = { name: chosen.name, bytes }
    separator.value = separatorOf(text.value)
    mapping.value = matched(format, table.value.header)
  }

  watch([encoding, separator], () => (mapping.value = matched(format, table.value.header)), { flush: 'sync' })
  watch([encoding, separator, mapping, skip], forget, { deep: true })

  const rowsOf = (): SentRow[] => table.value.rows.map((row) => ({ line: row.line, cells: cellsOf(row.cells, mapping.value) }))

  async function send(rows: SentRow[], preview: boolean, key: string): Promise<Answer> {
    const owners = kind.byOwner ? { owners: await logins(rows) } : {}
    return kind.send({ rows, preview, skip_existing: skip.value, ...owners }, { 'Idempotency-Key': key })
  }

  /** Look at rows; where more is wrong than one answer lists, at one half of their documents and then at the other. */
  async function lookAt({ rows, key }: Parcel): Promise<Found> {
    const { more, ...answer } = await send(rows, true, key)
    if (!more) return answer
    const each = documentsOf(rows, format)
    const middle = Math.ceil(each.length / 2)
    if (each.length < 2) {
      const untold = { line: rows[0]!.line, column: null, word: 'import.more_problems' as const, given: { n: more } }
      return { ...answer, problems: [...answer.problems, untold] }
    }
    const halves: Found[] = []
    for (const parcel of parcelsOf([each.slice(0, middle).flat(), each.slice(middle).flat()])) halves.push(await lookAt(parcel))
    const [one, other] = halves as [Found, Found]
    return { taken: one.taken + other.taken, skipped: one.skipped + other.skipped, problems: [...one.problems, ...other.problems] }
  }

  async function preview(): Promise<void> {
    forget()
    purpose.value = 'look'
    logins = useLogins()
    documents = documentsOf(rowsOf(), format)
    const found: RowProblem[] = [...table.value.problems, ...foundHere(documents, format)]
    const sound = without(documents, new Set(found.map((each) => each.line)))
    const sum = { taken: 0, skipped: 0 }
    await sending.begin(parcelsOf(blocksOf(sound)), lookAt, (answer) => {
      sum.taken += answer.taken
      sum.skipped += answer.skipped
      found.push(...answer.problems)
      if (sending.progress.rows === sending.progress.of) tell()
    })
    // Nothing was left to ask about: all that is wrong was found here.
    if (!sending.progress.of) tell()

    function tell(): void {
      const problems = found.sort((one, other) => one.line - other.line)
      const good = without(documents, new Set(problems.map((each) => each.line))).flat().length
      look.value = { rows: table.value.rows.length, ...sum, problems, leftOut: table.value.rows.length - good }
    }
  }

  /** Take every row, or those only of which nothing is wrong. */
  async function take(): Promise<void> {
    if (!look.value) return
    purpose.value = 'take'
    const sound = without(documents, new Set(look.value.problems.map((each) => each.line)))
    const whole: Result = { taken: 0, skipped: 0, lines: [], left: sound.flat().map((row) => row.line), problems: [] }
    result.value = whole
    await sending.begin(parcelsOf(blocksOf(sound)), ({ rows, key }) => send(rows, false, key), (answer, parcel) => {
      // What was looked at has changed with the first rows that are taken.
      look.value = null
      const lines = parcel.rows.map((row) => row.line)
      const now = result.value!
      const sent = new Set(lines)
      result.value = {
        taken: now.taken + answer.taken, skipped: now.skipped + answer.skipped, lines: [...now.lines, ...lines],
        left: now.left.filter((line) => !sent.has(line)), problems: []
      }
    })
    settle()
  }

  /** What was brought in is to be seen wherever it is listed; what a refusal says of rows stands with them. */
  function settle(): void {
    const { state, problem } = sending.progress
    if (state === 'refused' && result.value) result.value = { ...result.value, problems: rowsOfRefusal(asProblem(problem).members) }
    for (const name of kind.changed) void queryClient.invalidateQueries({ queryKey: [name] })
  }

  async function goOn(): Promise<void> {
    await sending.goOn()
    if (purpose.value === 'take') settle()
  }

  /** After a part was taken: look again, and pass over that part. */
  async function resume(): Promise<void> {
    skip.value = true
    await nextTick()
    await preview()
  }

  const taking = computed(() => purpose.value === 'take' && ['sending', 'waiting', 'stopped'].includes(sending.progress.state))
  return {
    file, unreadable, encoding, separator, mapping, skip, table, lacking, ready, look, result, purpose, taking, sending,
    choose, preview, take, goOn, resume
  }
}
export type Importing = ReturnType<typeof useImport>

const rowsOfRefusal = (members: Record<string, unknown>): RowProblem[] =>
  (Array.isArray(members.problems) ? members.problems : []) as RowProblem[]
