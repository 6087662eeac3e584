/** Where one can go, and for whom it is there. `phone`: has a place in the bar at the bottom of a phone. */
import type { Word } from '@/ui/words'
import { may } from '@/api/session'

export interface Place {
  to: string
  word: Word
  icon: string
  roles: string[]
  phone?: boolean
}

const SELLERS = ['sales', 'sales_manager']
const PLACES: Place[] = [
  { to: '/', word: 'nav.home', icon: 'home', roles: [], phone: true },
  { to: '/approvals', word: 'nav.approvals', icon: 'check', roles: [], phone: true },
  { to: '/customers', word: 'nav.customers', icon: 'people', roles: [...SELLERS, 'service', 'finance'], phone: true },
  { to: '/customers/overview', word: 'nav.overview', icon: 'sort', roles: [...SELLERS, 'finance'] },
  { to: '/customers/proposals', word: 'nav.proposals', icon: 'bulb', roles: [...SELLERS, 'finance'] },
  { to: '/leads', word: 'nav.leads', icon: 'flag', roles: SELLERS },
  { to: '/opportunities', word: 'nav.opportunities', icon: 'lanes', roles: [...SELLERS, 'service', 'finance'] },
  { to: '/quotations', word: 'nav.quotations', icon: 'page', roles: [...SELLERS, 'finance'], phone: true },
  { to: '/orders', word: 'nav.orders', icon: 'cart', roles: [...SELLERS, 'service', 'finance', 'warehouse'] },
  { to: '/warehouse/deliveries', word: 'nav.deliveries', icon: 'truck', roles: ['warehouse'], phone: true },
  { to: '/warehouse/purchases', word: 'nav.purchases', icon: 'bill', roles: ['warehouse'], phone: true },
  { to: '/warehouse/receive', word: 'nav.receive', icon: 'inbox', roles: ['warehouse'], phone: true },
  { to: '/warehouse/counts', word: 'nav.counts', icon: 'tag', roles: ['warehouse'] },
  { to: '/service/tickets', word: 'nav.tickets', icon: 'talk', roles: [...SELLERS, 'service', 'warehouse', 'finance'], phone: true },
  { to: '/service/articles', word: 'nav.knowledge', icon: 'book', roles: [...SELLERS, 'service', 'warehouse', 'finance'] },
  { to: '/returns', word: 'nav.returns', icon: 'back', roles: [...SELLERS, 'service', 'finance', 'warehouse'] },
  { to: '/items', word: 'nav.items', icon: 'tag', roles: [] },
  { to: '/warehouse/stock', word: 'nav.stock', icon: 'boxes', roles: [], phone: true },
  { to: '/finance/invoices', word: 'nav.invoices', icon: 'bill', roles: ['finance', ...SELLERS, 'service'] },
  { to: '/finance/payments', word: 'nav.payments', icon: 'coins', roles: ['finance'] },
  { to: '/finance/bank', word: 'nav.bank', icon: 'inbox', roles: ['finance'] },
  { to: '/finance/ageing', word: 'nav.ageing', icon: 'clock', roles: ['finance', ...SELLERS] },
  { to: '/finance/dunning', word: 'nav.dunning', icon: 'bell', roles: ['finance'] },
  { to: '/finance/ledger', word: 'nav.books', icon: 'book', roles: ['finance'] },
  { to: '/figures', word: 'nav.figures', icon: 'bars', roles: [...SELLERS, 'finance', 'warehouse', 'service'] },
  { to: '/admin/imports', word: 'nav.imports', icon: 'inbox', roles: ['admin'] },
  { to: '/admin', word: 'nav.admin', icon: 'gear', roles: ['admin', 'sales_manager', 'finance'] }
]

export const places = (): Place[] => PLACES.filter((each) => !each.roles.length || may(...each.roles))
