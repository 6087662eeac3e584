/** Amounts, quantities and days as people read them; amounts stay decimal text and never become a float. */
import { locale } from './language'

interface Money {
  amount: string
  currency: string
}

export function money(value: Money | null | undefined): string {
  if (!value) return '–'
  const format = new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency: value.currency,
    currencyDisplay: 'narrowSymbol'
  })
  return format.format(value.amount as Intl.StringNumericLiteral)
}

export const isZero = (value: Money | null | undefined): boolean => !value || /^-?0*(\.0*)?$/.test(value.amount)

/** Nothing, whatever the decimals that it is written with. */
export const isNone = (value: string | number | null | undefined): boolean => !Number(value ?? 0)

export function quantity(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const text = String(value)
  const short = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(short as Intl.StringNumericLiteral)
}

/** A day of the company has no zone; it is not moved into the reader's. */
export function day(value: string | null | undefined): string {
  if (!value) return '–'
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' })
  return format.format(new Date(`${value.slice(0, 10)}T00:00:00Z`))
}

export function moment(value: string | null | undefined): string {
  if (!value) return '–'
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value))
}

/** What a service wrote, its amounts, days and moments set as everywhere else: `12426.40 USD`, `2026-11-02`. */
export function readable(text: string): string {
  return text
    .replace(/(?<![\w.-])(-?\d+(?:\.\d+)?) ([A-Z]{3})(?![A-Za-z])/g, (_, amount: string, currency: string) => money({ amount, currency }))
    .replace(/(?<![\w-])\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g, (at) => moment(at))
    .replace(/(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])/g, (date) => day(date))
}

export function percent(value: string | number | null | undefined): string {
  return value === null || value === undefined ? '–' : `${quantity(value)} %`
}
