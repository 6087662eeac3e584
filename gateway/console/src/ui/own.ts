/** What a company adds to its documents: which fields there are, who may fill them in, and how a value reads. */
import type { Schemas } from '@/api/client'
import { session } from '@/api/client'
import { day, money, quantity } from './formats'
import { language, t } from './language'

export type OwnField = Schemas['FormFieldOut']
export type OwnValue = string | boolean | { amount: string; currency: string } | null
export type OwnValues = { [key: string]: OwnValue | undefined }

export const spoken = (words: { en?: string; zh?: string } | null | undefined): string =>
  (language.value === 'zh' ? words?.zh : words?.en) ?? ''

/** Whether the person may change it: whoever works with the document, unless roles are named. */
export function mayFill(field: OwnField): boolean {
  const named = field.edited_by ?? []
  const own = session.user?.roles ?? []
  return !named.length || own.includes('admin') || named.some((role) => own.includes(role))
}

export function shownValue(field: OwnField, value: OwnValue | undefined): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'object') return money(value)
  if (field.type === 'date') return day(value)
  if (field.type === 'number') return quantity(value)
  if (field.type === 'choice') return spoken(field.options?.find((each) => each.key === value)?.label) || value
  return value
}
