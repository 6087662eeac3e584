/** Figures over time, and what was reached of what was aimed at, as charts draw them. */
import type { Money, Schemas } from '@/api/client'
import { day, money, quantity } from '@/ui/formats'
import type { Cell, Drawn } from '@/ui/charts/drawn'
import { t } from '@/ui/language'
import type { Names } from '@/ui/naming'
import { who } from './rows'

const worth = (value: Money): Cell => ({
  size: Number(value.amount),
  text: money(value),
  exact: `${value.amount} ${value.currency}`
})
const days = (value: string | null): Cell => ({
  size: value === null ? null : Number(value),
  text: value === null ? '–' : quantity(value),
  exact: value ?? ''
})
const MONTHS = 12
const two = (n: number): string => String(n).padStart(2, '0')

/** Return the months up to the day (`YYYY-MM-DD`), the newest last, as `YYYY-MM`. */
export function monthsUntil(today: string, count = MONTHS): string[] {
  const [year, month] = today.split('-').map(Number) as [number, number]
  const last = year * MONTHS + month - 1
  return Array.from({ length: count }, (_, n) => last - count + 1 + n).map((n) => `${Math.floor(n / MONTHS)}-${two((n % MONTHS) + 1)}`)
}

const isDay = (key: string): boolean => key.length === 'YYYY-MM-DD'.length

/** Revenue over time: a month or day in which nothing was ordered is a zero, not a gap. */
export function revenueOf(data: Schemas['OrderFiguresOut'], all: string[] = []): Drawn {
  const parts = new Map(data.parts.map((each) => [each.key, each]))
  const points = all.length ? all : [...parts.keys()].sort()
  const none = { amount: '0', currency: data.currency }
  return {
    head: t(points.some(isDay) ? 'figures.day' : 'figures.month'),
    points: points.map((key) => (isDay(key) ? day(key) : key)),
    series: [
      { name: t('figures.ordered'), cells: points.map((key) => worth((parts.get(key)?.revenue as Money | undefined) ?? none)) },
    ]
  }
}

export const isOverTime = (data: Schemas['OrderFiguresOut']): boolean => data.parts.every((each) => /^\d{4}-\d{2}/.test(each.key))

export function receivablesOf(data: Schemas['ReceivableFiguresOut']): Drawn {
  return {
    head: t('figures.month'),
    points: data.months.map((each) => each.month),
    series: [
      { name: t('figures.dso'), cells: data.months.map((each) => days(each.dso)) },
      { name: t('figures.days_to_pay'), cells: data.months.map((each) => days(each.average_days_to_pay)) }
    ]
  }
}

export function targetsOf({ targets }: Schemas['TargetsOut'], names: Names): Drawn {
  return {
    head: t('figures.who'),
    points: targets.map((each) => each.team_name ?? who(each.owner_id ?? '', names)),
    series: [
      { name: t('figures.ordered'), cells: targets.map((each) => worth(each.ordered as Money)) },
      { name: t('figures.target'), cells: targets.map((each) => worth(each.amount as Money)) }
    ]
  }
}
