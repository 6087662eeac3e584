/** Every address of the console; each screen comes in a file of its own, when it is first gone to. */
import { createRouter, createWebHistory } from 'vue-router'
import { session } from '@/api/client'
import { known } from '@/api/session'

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/login', component: () => import('@/features/login/LoginPage.vue'), meta: { open: true } },
    { path: '/', component: () => import('@/features/home/HomePage.vue') },
    { path: '/customers', component: () => import('@/features/customers/CustomerList.vue') },
    { path: '/customers/:id', component: () => import('@/features/customers/CustomerPage.vue'), props: true },
    { path: '/quotations', component: () => import('@/features/quotations/QuotationList.vue') },
    { path: '/quotations/new', component: () => import('@/features/quotations/QuotationEditor.vue') },
    { path: '/quotations/:id', component: () => import('@/features/quotations/QuotationPage.vue'), props: true },
    { path: '/quotations/:id/revise', component: () => import('@/features/quotations/QuotationEditor.vue'), props: true },
    { path: '/orders', component: () => import('@/features/orders/OrderList.vue') },
    { path: '/orders/:id', component: () => import('@/features/orders/OrderPage.vue'), props: true },
    { path: '/approvals', component: () => import('@/features/approvals/ApprovalDesk.vue') },
    { path: '/warehouse/deliveries', component: () => import('@/features/warehouse/DeliveryList.vue') },
    { path: '/warehouse/deliveries/:id', component: () => import('@/features/warehouse/DeliveryPage.vue'), props: true },
    { path: '/warehouse/receive', component: () => import('@/features/warehouse/ReceivePage.vue') },
    { path: '/warehouse/stock', component: () => import('@/features/warehouse/StockPage.vue') },
    { path: '/finance/invoices', component: () => import('@/features/finance/InvoiceList.vue') },
    { path: '/finance/payments', component: () => import('@/features/finance/PaymentList.vue') },
    { path: '/finance/payments/:id', component: () => import('@/features/finance/PaymentPage.vue'), props: true },
    { path: '/finance/ageing', component: () => import('@/features/finance/AgeingPage.vue') },
    { path: '/opportunities', component: () => import('@/features/pipeline/PipelineBoard.vue') },
    { path: '/opportunities/:id', component: () => import('@/features/pipeline/OpportunityPage.vue'), props: true },
    { path: '/leads', component: () => import('@/features/pipeline/LeadList.vue') },
    { path: '/leads/:id', component: () => import('@/features/pipeline/LeadPage.vue'), props: true },
    { path: '/service/tickets', component: () => import('@/features/service/TicketList.vue') },
    { path: '/service/tickets/:id', component: () => import('@/features/service/TicketPage.vue'), props: true },
    { path: '/figures', component: () => import('@/features/figures/FigurePage.vue') },
    { path: '/admin/users', component: () => import('@/features/admin/UserList.vue') },
    { path: '/admin/services', component: () => import('@/features/admin/ServiceHealth.vue') },
    { path: '/:rest(.*)*', component: () => import('@/app/NotFound.vue') }
  ]
})

router.beforeEach(async (to) => {
  try {
    await known()
  } catch {
    // Not reached: the page says so where its data would be, and offers to try again.
  }
  if (!session.user && !to.meta.open) return { path: '/login', query: to.path === '/' ? {} : { to: to.fullPath } }
  return true
})
