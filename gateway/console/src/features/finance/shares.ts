/** How much of a sum of money is given to which invoice, in exact decimals. */
import type { Money } from '@/api/client'

export interface Share {
  invoice_id: string
  amount: Money
}

const PLACES = 6
const AMOUNT = /^(\d+)(?:\.(\d{1,6}))?$/

function millionths(amount: string): bigint | null {
  const parts = AMOUNT.exec(amount.trim())
  return parts ? BigInt(parts[1]! + (parts[2] ?? '').padEnd(PLACES, '0')) : null
}

/** Return what is left of `whole` after the amounts, as decimal text; null where one of them is no amount. */
export function leftOf(whole: string, amounts: readonly string[]): string | null {
  let left = millionths(whole)
  for (const each of amounts) {
    const part = millionths(each)
    if (left === null || part === null) return null
    left -= part
  }
  if (left === null) return null
  const digits = (left < 0n ? -left : left).toString().padStart(PLACES + 1, '0')
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, '')
  return left < 0n ? `-${text}` : text
}

/** Return the smaller of two amounts. */
export const lesser = (one: string, other: string): string =>
  (leftOf(one, [other]) ?? '').startsWith('-') ? one : other
