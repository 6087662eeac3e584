/** What each service says of a figure, as rows that are drawn and downloaded. The length of a bar is a drawing only. */
import { type Money, type Schemas, session } from '@/api/client'
import { money, quantity } from '@/ui/formats'
import { label, language, t } from '@/ui/language'

export interface Row {
  label: string
  /** Only for the length of the bar. */
  size: number
  text: string
  note?: string
  /** The exact value, as the service told it. */
  exact: string
}

const PERCENT_BP = 100
const size = (amount: string | number): number => Math.max(0, Number(amount))
const worth = (name: string, value: Money, note?: string): Row => ({
  label: name, size: size(value.amount), text: money(value), exact: `${value.amount} ${value.currency}`, note
})
const count = (name: string, n: number, note?: string): Row => ({
  label: name, size: n, text: quantity(n), exact: String(n), note
})
export const share = (bp: number | null): string => (bp === null ? '–' : `${quantity((bp / PERCENT_BP).toFixed(1))} %`)

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A salesperson is told by id; only one's own name is known here. */
function who(key: string): string {
  if (!ID.test(key)) return key || '–'
  return key === session.user?.id ? session.user.name : `${t('ticket.colleague')} ${key.slice(-4)}`
}

const READ: Record<string, (data: never) => Row[]> = {
  revenue: (data: Schemas['OrderFiguresOut']) =>
    data.parts.map((each) => worth(who(each.key), each.revenue as Money, t('figures.orders', { n: each.orders }))),
  funnel: (data: Schemas['FunnelOut']) =>
    data.stages.map((each) =>
      count(label('stage', each.stage), each.count, [each.value ? money(each.value as Money) : '', each.conversion_bp === null ? '' : share(each.conversion_bp)].filter(Boolean).join(' · '))
    ),
  pipeline: (data: Schemas['PipelineOut']) =>
    data.stages.flatMap((stage) =>
      stage.worth.map((each) =>
        worth(language.value === 'zh' ? stage.name_zh : stage.name_en, each.weighted_value as Money, `${quantity(each.count)} · ${money(each.value as Money)}`)
      )
    ),
  process: (data: Schemas['ProcessHealthOut']) => [
    ...data.stages.map((each) => count(label('stands', each.stage), each.orders, t('figures.held', { n: each.held }))),
    ...data.holds.map((each) => count(label('hold', each.code), each.orders, t('figures.hours', { n: each.median_hours })))
  ],
  products: (data: Schemas['ProductPage']) => data.items.map((each) => worth(each.name, each.revenue as Money, each.sku)),
  segments: (data: Schemas['SegmentsOut']) =>
    data.segments.map((each) => worth(label('segment', each.segment), each.revenue as Money, t('figures.customers', { n: each.customers }))),
  on_time_in_full: ({ orders }: Schemas['OnTimeInFullOut']) => [
    count(label('kept', 'on_time_in_full'), orders.on_time_in_full, share(orders.share_bp)),
    ...(['late', 'short', 'open'] as const).map((name) => count(label('kept', name), orders[name]))
  ],
  repurchase: (data: Schemas['RepurchaseOut']) => [
    count(label('kept', 'again'), data.again, share(data.share_bp)),
    count(label('kept', 'once'), data.customers - data.again)
  ],
  receivables: (data: Schemas['ReceivableFiguresOut']) =>
    data.months.map((each) => ({
      label: each.month, size: size(each.dso ?? 0), text: each.dso ? quantity(each.dso) : '–', note: money(each.balance as Money), exact: each.dso ?? ''
    }))
}

export const isDrawn = (name: string): boolean => name in READ

/** The rows of a figure; of one that nobody answered, none. */
export function rowsOf(name: string, data: unknown): Row[] {
  return data ? (READ[name]?.(data as never) ?? []) : []
}

const quoted = (text: string): string => `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** Hand rows to the browser as a file; a cell that a spreadsheet would take for a formula is made plain text. */
export function download(name: string, rows: readonly (readonly string[])[]): void {
  const text = `\ufeff${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = Object.assign(document.createElement('a'), { href: address, download: `${name}.csv` })
  link.click()
  URL.revokeObjectURL(address)
}
