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
  { to: '/leads', word: 'nav.leads', icon: 'flag', roles: SELLERS },
  { to: '/opportunities', word: 'nav.opportunities', icon: 'lanes', roles: [...SELLERS, 'service', 'finance'] },
  { to: '/quotations', word: 'nav.quotations', icon: 'page', roles: [...SELLERS, 'finance'], phone: true },
  { to: '/orders', word: 'nav.orders', icon: 'cart', roles: [...SELLERS, 'service', 'finance', 'warehouse'] },
  { to: '/warehouse/deliveries', word: 'nav.deliveries', icon: 'truck', roles: ['warehouse'], phone: true },
  { to: '/warehouse/receive', word: 'nav.receive', icon: 'inbox', roles: ['warehouse'], phone: true },
  { to: '/service/tickets', word: 'nav.tickets', icon: 'talk', roles: [...SELLERS, 'service', 'warehouse', 'finance'], phone: true },
  { to: '/warehouse/stock', word: 'nav.stock', icon: 'boxes', roles: [], phone: true },
  { to: '/finance/invoices', word: 'nav.invoices', icon: 'bill', roles: ['finance', ...SELLERS, 'service'] },
  { to: '/finance/payments', word: 'nav.payments', icon: 'coins', roles: ['finance'] },
  { to: '/finance/ageing', word: 'nav.ageing', icon: 'clock', roles: ['finance', ...SELLERS] },
  { to: '/figures', word: 'nav.figures', icon: 'bars', roles: [...SELLERS, 'finance', 'warehouse', 'service'] },
  { to: '/admin/users', word: 'nav.users', icon: 'user', roles: ['admin'] },
  { to: '/admin/services', word: 'nav.health', icon: 'pulse', roles: ['admin'] }
]

export const places = (): Place[] => PLACES.filter((each) => !each.roles.length || may(...each.roles))
