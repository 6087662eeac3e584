/** What can be brought in, in the sequence in which a new company brings it in: each leans on those before it. */
import { api, said, type Schemas } from '@/api/client'
import type { Word } from '@/ui/words'

export type Format = Schemas['ImportFormatOut']
export type FormatColumn = Schemas['ImportColumnOut']
export type Answer = Schemas['ImportOut']

/** One row on its way: the line of the file that it begins on, and its texts by the format's columns. */
export interface SentRow {
  line: number
  cells: Record<string, string>
}
export interface SentBody {
  rows: SentRow[]
  preview: boolean
  skip_existing: boolean
  owners?: Record<string, string>
}
/** A key goes with what is to be kept; a look needs none, for it is undone. */
type Headers = { 'Idempotency-Key': string }

export interface Kind {
  name: string
  word: Word
  note: Word
  icon: string
  /** Where what was brought in is seen, and what the link says. */
  list: { to: string; word: Word }
  /** The lists and documents in memory that are old afterwards. */
  changed: string[]
  /** Names users, whose ids go along. */
  byOwner?: boolean
  format: () => Promise<Format>
  send: (body: SentBody, headers: Headers) => Promise<Answer>
}

export const KINDS: Kind[] = [
  {
    name: 'customers', word: 'import.customers', note: 'import.customers_note', icon: 'people', byOwner: true,
    list: { to: '/customers', word: 'nav.customers' }, changed: ['customers'],
    format: () => said(api.GET('/api/v1/customer-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/customer-imports', { body, headers }))
  },
  {
    name: 'contacts', word: 'import.contacts', note: 'import.contacts_note', icon: 'user',
    list: { to: '/customers', word: 'nav.customers' }, changed: ['customer360'],
    format: () => said(api.GET('/api/v1/contact-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/contact-imports', { body, headers }))
  },
  {
    name: 'suppliers', word: 'import.suppliers', note: 'import.suppliers_note', icon: 'truck',
    list: { to: '/warehouse/purchases', word: 'nav.purchases' }, changed: ['suppliers'],
    format: () => said(api.GET('/api/v1/supplier-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/supplier-imports', { body, headers }))
  },
  {
    name: 'items', word: 'import.items', note: 'import.items_note', icon: 'tag',
    list: { to: '/items', word: 'nav.items' }, changed: ['items'],
    format: () => said(api.GET('/api/v1/item-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/item-imports', { body, headers }))
  },
  {
    name: 'warehouses', word: 'import.warehouses', note: 'import.warehouses_note', icon: 'home',
    list: { to: '/warehouse/stock', word: 'nav.stock' }, changed: ['warehouses', 'stock'],
    format: () => said(api.GET('/api/v1/warehouse-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/warehouse-imports', { body, headers }))
  },
  {
    name: 'credit_limits', word: 'import.credit_limits', note: 'import.credit_limits_note', icon: 'coins',
    list: { to: '/customers', word: 'nav.customers' }, changed: ['customer360', 'credit'],
    format: () => said(api.GET('/api/v1/credit-limit-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/credit-limit-imports', { body, headers }))
  },
  {
    name: 'prices', word: 'import.prices', note: 'import.prices_note', icon: 'bill',
    list: { to: '/admin/policies', word: 'nav.policies' }, changed: ['policies'],
    format: () => said(api.GET('/api/v1/price-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/price-imports', { body, headers }))
  },
  {
    name: 'stock', word: 'import.stock', note: 'import.stock_note', icon: 'boxes',
    list: { to: '/warehouse/stock', word: 'nav.stock' }, changed: ['stock'],
    format: () => said(api.GET('/api/v1/stock-imports/format')),
    send: (body, headers) => said(api.POST('/api/v1/stock-imports', { body, headers }))
  }
]
