/** What is set up where, and who may. */
import type { Word } from '@/ui/words'

interface AdminPlace {
  to: string
  word: Word
  note: Word
  icon: string
  roles: string[]
}

export const GROUPS: { word: Word; places: AdminPlace[] }[] = [
  {
    word: 'admin.people',
    places: [
      { to: '/admin/users', word: 'nav.users', note: 'admin.users_note', icon: 'user', roles: ['admin'] },
      { to: '/admin/keys', word: 'nav.keys', note: 'admin.keys_note', icon: 'key', roles: ['admin'] },
      { to: '/admin/handover', word: 'nav.handover', note: 'admin.handover_note', icon: 'back', roles: ['sales_manager'] }
    ]
  },
  {
    word: 'admin.data',
    places: [{ to: '/admin/imports', word: 'nav.imports', note: 'admin.imports_note', icon: 'inbox', roles: ['admin'] }]
  },
  {
    word: 'admin.selling',
    places: [
      { to: '/admin/flows', word: 'nav.flows', note: 'admin.flows_note', icon: 'check', roles: ['sales_manager', 'finance'] },
      { to: '/admin/policies', word: 'nav.policies', note: 'admin.policies_note', icon: 'tag', roles: ['sales_manager'] },
      { to: '/admin/types', word: 'nav.types', note: 'admin.types_note', icon: 'cart', roles: ['sales_manager'] },
      { to: '/admin/promotions', word: 'nav.promotions', note: 'admin.promotions_note', icon: 'coins', roles: ['sales_manager'] },
      { to: '/admin/forms', word: 'nav.forms', note: 'admin.forms_note', icon: 'page', roles: ['sales_manager'] }
    ]
  },
  {
    word: 'admin.stock',
    places: [
      // Who counts and buys does not say who is asked about it.
      { to: '/admin/flows/inventory', word: 'nav.stock_flows', note: 'admin.stock_flows_note', icon: 'boxes', roles: ['finance'] }
    ]
  },
  {
    word: 'admin.serving',
    places: [
      { to: '/admin/roster', word: 'nav.roster', note: 'admin.roster_note', icon: 'people', roles: ['sales_manager'] },
      { to: '/admin/routing', word: 'nav.routing', note: 'admin.routing_note', icon: 'lanes', roles: ['sales_manager'] },
      { to: '/admin/sla', word: 'nav.sla', note: 'admin.sla_note', icon: 'clock', roles: ['sales_manager'] }
    ]
  },
  {
    word: 'admin.system',
    places: [
      { to: '/admin/services', word: 'nav.health', note: 'admin.health_note', icon: 'pulse', roles: ['admin'] },
      { to: '/admin/messages', word: 'nav.messages', note: 'admin.messages_note', icon: 'inbox', roles: ['admin'] },
      { to: '/admin/audits', word: 'nav.audits', note: 'admin.audits_note', icon: 'check', roles: ['admin'] }
    ]
  }
]
