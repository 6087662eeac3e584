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
    { path: '/customers/overview', component: () => import('@/features/customers/OverviewList.vue') },
    { path: '/customers/proposals', component: () => import('@/features/customers/ProposalPage.vue') },
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
    { path: '/warehouse/deliveries/:id/pack', component: () => import('@/features/warehouse/PackPage.vue'), props: true },
    { path: '/warehouse/receive', component: () => import('@/features/warehouse/ReceivePage.vue') },
    { path: '/warehouse/purchases', component: () => import('@/features/warehouse/PurchaseList.vue') },
    { path: '/warehouse/purchases/:id', component: () => import('@/features/warehouse/PurchasePage.vue'), props: true },
    { path: '/warehouse/counts', component: () => import('@/features/warehouse/CountList.vue') },
    { path: '/warehouse/counts/:id', component: () => import('@/features/warehouse/CountPage.vue'), props: true },
    { path: '/warehouse/pending', component: () => import('@/features/warehouse/PendingPage.vue') },
    { path: '/warehouse/stock', component: () => import('@/features/warehouse/StockPage.vue') },
    { path: '/items', component: () => import('@/features/items/ItemList.vue') },
    { path: '/items/:id', component: () => import('@/features/items/ItemPage.vue'), props: true },
    { path: '/returns', component: () => import('@/features/returns/ReturnList.vue') },
    { path: '/returns/new', component: () => import('@/features/returns/NewReturn.vue') },
    { path: '/returns/:id', component: () => import('@/features/returns/ReturnPage.vue'), props: true },
    { path: '/finance/invoices', component: () => import('@/features/finance/InvoiceList.vue') },
    { path: '/finance/invoices/:id', component: () => import('@/features/finance/InvoicePage.vue'), props: true },
    { path: '/finance/credit-notes/:id', component: () => import('@/features/finance/CreditNotePage.vue'), props: true },
    { path: '/finance/ledger', component: () => import('@/features/finance/TrialBalance.vue') },
    { path: '/finance/ledger/entries', component: () => import('@/features/finance/JournalPage.vue') },
    { path: '/finance/ledger/accounts/:code', component: () => import('@/features/finance/LedgerAccount.vue'), props: true },
    { path: '/finance/statements/:id', component: () => import('@/features/finance/StatementPage.vue'), props: true },
    { path: '/finance/dunning', component: () => import('@/features/finance/DunningPage.vue') },
    { path: '/finance/payments', component: () => import('@/features/finance/PaymentList.vue') },
    { path: '/finance/payments/:id', component: () => import('@/features/finance/PaymentPage.vue'), props: true },
    { path: '/finance/bank', component: () => import('@/features/finance/BankPage.vue') },
    { path: '/finance/bank/:id', component: () => import('@/features/finance/BankLinePage.vue'), props: true },
    { path: '/finance/ageing', component: () => import('@/features/finance/AgeingPage.vue') },
    { path: '/opportunities', component: () => import('@/features/pipeline/PipelineBoard.vue') },
    { path: '/opportunities/:id', component: () => import('@/features/pipeline/OpportunityPage.vue'), props: true },
    { path: '/leads', component: () => import('@/features/pipeline/LeadList.vue') },
    { path: '/leads/:id', component: () => import('@/features/pipeline/LeadPage.vue'), props: true },
    { path: '/service/tickets', component: () => import('@/features/service/TicketList.vue') },
    { path: '/service/tickets/:id', component: () => import('@/features/service/TicketPage.vue'), props: true },
    { path: '/figures', component: () => import('@/features/figures/FigurePage.vue') },
    { path: '/admin', component: () => import('@/features/admin/AdminHome.vue') },
    { path: '/admin/messages', component: () => import('@/features/admin/MessageList.vue') },
    { path: '/admin/messages/:service/:id', component: () => import('@/features/admin/MessagePage.vue'), props: true },
    { path: '/admin/audits', component: () => import('@/features/admin/AuditPage.vue') },
    { path: '/admin/flows', component: () => import('@/features/rules/FlowList.vue') },
    { path: '/admin/flows/new', component: () => import('@/features/rules/FlowEditor.vue') },
    { path: '/admin/flows/:service(finance|inventory)', component: () => import('@/features/rules/FlowList.vue'), props: true },
    { path: '/admin/flows/:service(finance|inventory)/new', component: () => import('@/features/rules/FlowEditor.vue'), props: true },
    { path: '/admin/flows/:service(finance|inventory)/:id', component: () => import('@/features/rules/FlowPage.vue'), props: true },
    { path: '/admin/flows/:id', component: () => import('@/features/rules/FlowPage.vue'), props: true },
    { path: '/admin/policies', component: () => import('@/features/rules/PolicyList.vue') },
    { path: '/admin/policies/new', component: () => import('@/features/rules/PolicyEditor.vue') },
    { path: '/admin/policies/:id', component: () => import('@/features/rules/PolicyPage.vue'), props: true },
    { path: '/admin/promotions', component: () => import('@/features/rules/PromotionList.vue') },
    { path: '/admin/promotions/new', component: () => import('@/features/rules/PromotionEditor.vue') },
    { path: '/admin/promotions/:id', component: () => import('@/features/rules/PromotionPage.vue'), props: true },
    { path: '/admin/forms', component: () => import('@/features/forms/FormList.vue') },
    { path: '/admin/forms/:document(customer|item|quotation)', component: () => import('@/features/forms/FormPage.vue'), props: true },
    { path: '/admin/forms/:document(customer|item|quotation)/edit', component: () => import('@/features/forms/FormEditor.vue'), props: true },
    { path: '/admin/roster', component: () => import('@/features/desk/RosterPage.vue') },
    { path: '/admin/routing', component: () => import('@/features/desk/RoutingPage.vue') },
    { path: '/admin/sla', component: () => import('@/features/desk/SlaPage.vue') },
    { path: '/admin/types', component: () => import('@/features/rules/TypeList.vue') },
    { path: '/admin/types/new', component: () => import('@/features/rules/TypePage.vue') },
    { path: '/admin/types/:id', component: () => import('@/features/rules/TypePage.vue'), props: true },
    { path: '/admin/handover', component: () => import('@/features/admin/HandoverPage.vue') },
    { path: '/admin/imports', component: () => import('@/features/imports/ImportHome.vue') },
    { path: '/admin/imports/:kind', component: () => import('@/features/imports/ImportPage.vue'), props: true },
    { path: '/admin/keys', component: () => import('@/features/admin/KeyList.vue') },
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
