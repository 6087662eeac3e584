/** Asks the lists that there are, all at once; one that a role may not see, or that is down, adds nothing. */
import { api, said } from '@/api/client'
import { may } from '@/api/session'
import { money, quantity } from '@/ui/formats'
import { t } from '@/ui/language'

export interface Found {
  key: string
  text: string
  note: string
  to: string
  figure?: string
}

const STOCK = [/^stock (?:of )?(.+)$/i, /^(.+?)\s*的?库存$/, /^库存\s*(.+)$/]
const DEBT = [/^debt (?:of )?(.+)$/i, /^(.+?)\s*的?(?:欠款|应收)$/, /^(?:欠款|应收)\s*(.+)$/]
const LIMIT = 6

function after(patterns: RegExp[], text: string): string | null {
  for (const each of patterns) {
    const match = each.exec(text)
    if (match) return match[1]!.trim()
  }
  return null
}

const quiet = (asked: Promise<Found[]>): Promise<Found[]> => asked.catch(() => [])

export async function search(text: string): Promise<Found[]> {
  const stock = after(STOCK, text)
  if (stock) return quiet(stockOf(stock))
  const debt = after(DEBT, text)
  if (debt) return quiet(debtOf(debt))
  const found = await Promise.all([customers(text), items(text), orders(text), quotations(text), invoices(text)].map(quiet))
  return found.flat()
}

async function customers(text: string): Promise<Found[]> {
  if (!may('sales', 'sales_manager', 'service', 'finance')) return []
  const page = await said(api.GET('/api/v1/customers', { params: { query: { search: text, limit: LIMIT } } }))
  return page.items.map((each) => ({
    key: each.id,
    text: each.name,
    note: `${t('customer.one')} ${each.number}`,
    to: `/customers/${each.id}`
  }))
}

async function matching(text: string) {
  return (await said(api.GET('/api/v1/items', { params: { query: { search: text, limit: LIMIT } } }))).items
}

async function items(text: string): Promise<Found[]> {
  return (await matching(text)).map((each) => ({
    key: each.id,
    text: each.name,
    note: `${t('item.one')} ${each.sku}`,
    to: `/items/${each.id}`
  }))
}

async function orders(number: string): Promise<Found[]> {
  const page = await said(api.GET('/api/v1/orders', { params: { query: { number, limit: LIMIT } } }))
  return page.items.map((each) => ({
    key: each.id,
    text: each.number,
    note: t('order.one'),
    figure: money(each.total),
    to: `/orders/${each.id}`
  }))
}

async function quotations(number: string): Promise<Found[]> {
  if (!may('sales', 'sales_manager', 'finance')) return []
  const page = await said(api.GET('/api/v1/quotations', { params: { query: { number, limit: LIMIT } } }))
  return page.items.map((each) => ({
    key: each.id,
    text: each.number,
    note: t('quotation.one'),
    figure: money(each.total),
    to: `/quotations/${each.id}`
  }))
}

async function invoices(number: string): Promise<Found[]> {
  if (!may('finance', 'sales', 'sales_manager', 'service')) return []
  const page = await said(api.GET('/api/v1/invoices', { params: { query: { number, limit: LIMIT } } }))
  return page.items.map((each) => ({
    key: each.id,
    text: each.number,
    note: t('invoice.one'),
    figure: money(each.open),
    to: `/finance/invoices?number=${encodeURIComponent(each.number)}`
  }))
}

async function stockOf(text: string): Promise<Found[]> {
  const some = (await matching(text)).slice(0, LIMIT)
  return Promise.all(
    some.map(async (each) => {
      const params = { path: { item_id: each.id } }
      const stock = await said(api.GET('/api/v1/items/{item_id}/availability', { params }))
      return {
        key: each.id,
        text: t('command.stock_of', { name: each.name }),
        figure: `${quantity(stock.free)} ${each.uom}`,
        note: `${t('stock.on_hand')} ${quantity(stock.on_hand)} · ${t('stock.reserved')} ${quantity(stock.reserved)}`,
        to: `/items/${each.id}`
      }
    })
  )
}

async function debtOf(text: string): Promise<Found[]> {
  const some = await customers(text)
  return Promise.all(
    some.map(async (each) => {
      const params = { path: { customer_id: each.key } }
      const account = await said(api.GET('/api/v1/accounts/{customer_id}', { params }))
      return {
        key: each.key,
        text: t('command.debt_of', { name: each.text }),
        figure: money(account.receivable),
        note: `${t('credit.overdue')} ${money(account.overdue)}`,
        to: each.to
      }
    })
  )
}
