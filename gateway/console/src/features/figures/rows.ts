/** What each service says of a figure, as rows that are drawn and downloaded. The length of a bar is a drawing only. */
import { type Money, type Schemas } from '@/api/client'
import { isId } from '@/api/names'
import { money, quantity } from '@/ui/formats'
import { label, language, t } from '@/ui/language'
import { called, type Names } from '@/ui/naming'

export interface Row {
  label: string
  /** Only for the length of the bar. */
  size: number
  text: string
  note?: string
  /** The exact value, as the service told it. */
  exact: string
}

const orders = (n: number): string => t(n === 1 ? 'figures.one_order' : 'figures.orders', { n })
const customers = (n: number): string => t(n === 1 ? 'figures.one_customer' : 'figures.customers', { n })
const PERCENT_BP = 100
const size = (amount: string | number): number => Math.max(0, Number(amount))
const worth = (name: string, value: Money, note?: string): Row => ({
  label: name, size: size(value.amount), text: money(value), exact: `${value.amount} ${value.currency}`, note
})
const count = (name: string, n: number, note?: string): Row => ({
  label: name, size: n, text: quantity(n), exact: String(n), note
})
export const share = (bp: number | null): string => (bp === null ? '–' : `${quantity((bp / PERCENT_BP).toFixed(1))} %`)

/** A salesperson is told by id; what is none is what it says. */
export const who = (key: string, names: Names): string => (isId(key) ? called(key, names) : key || '–')

/** Teams and campaigns bear what they are called; an empty key is what is left of the whole. */
const named = (data: Schemas['OrderFiguresOut']): Row[] =>
  data.parts.map((each) =>
    worth(each.key ? (each.label ?? each.key.slice(-4)) : t('figures.none'), each.revenue as Money, orders(each.orders))
  )

const READ: Record<string, (data: never, names: Names) => Row[]> = {
  revenue: (data: Schemas['OrderFiguresOut'], names) =>
    data.parts.map((each) => worth(who(each.key, names), each.revenue as Money, orders(each.orders))),
  teams: named,
  campaigns: named,
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
    data.segments.map((each) => worth(label('segment', each.segment), each.revenue as Money, customers(each.customers))),
  on_time_in_full: ({ orders }: Schemas['OnTimeInFullOut']) => [
    count(label('kept', 'on_time_in_full'), orders.on_time_in_full, share(orders.share_bp)),
    ...(['late', 'short', 'open'] as const).map((name) => count(label('kept', name), orders[name]))
  ],
  moving: (data: Schemas['MovingOut']) =>
    data.paces.map((each) => count(label('pace', each.pace), each.items, [share(each.share_bp), ...(each.worth ?? []).map((value) => money(value as Money))].join(' · '))),
  repurchase: (data: Schemas['RepurchaseOut']) => [
    count(label('kept', 'again'), data.again, share(data.share_bp)),
    count(label('kept', 'once'), data.customers - data.again)
  ]
}

const AS_CHART = ['receivables', 'targets']

export const isDrawn = (name: string): boolean => name in READ || AS_CHART.includes(name)

/** The rows of a figure; of one that nobody answered, none. */
export function rowsOf(name: string, data: unknown, names: Names): Row[] {
  return data ? (READ[name]?.(data as never, names) ?? []) : []
}
