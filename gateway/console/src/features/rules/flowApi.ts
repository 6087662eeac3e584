/** Approval flows of the three services that have them: the same acts, each at its service's address. */
import type { Keyed } from '@/api/act'
import { api, type Money, said, type Schemas } from '@/api/client'
import { may } from '@/api/session'

export type FlowService = 'sales' | 'finance' | 'inventory'
export type Flow = Schemas['FlowOut'] & { document?: string }
/** What is sent: at sales there is one kind of document, which is not named. */
export type FlowBody = Schemas['FlowIn'] & { document?: string }
export interface Trial {
  looked_at: number
  needed: number
  stuck: number
  not_said: Schemas['NotSaidOut'][]
  approvers: { kind: 'role' | 'user' | 'superior'; name: string; times: number }[]
  documents: { id: string; number: string; document: string; figure: Money | null; to: string | null }[]
}
type Page = { items: Flow[]; next_cursor: string | null }
type Query = { name?: string; superseded?: boolean; cursor?: string; limit?: number }

interface Calls {
  fields: () => Promise<Schemas['ApprovalFieldsOut']>
  list: (query: Query) => Promise<Page>
  one: (flow_id: string) => Promise<Flow>
  define: (body: FlowBody, headers: Keyed) => Promise<Flow>
  attempt: (body: FlowBody, last: number, headers: Keyed) => Promise<Trial>
}

/** A document of a trial leads to its page where there is one. */
const PAGES: Record<string, string> = { stock_count: '/warehouse/counts', purchase_order: '/warehouse/purchases' }
type Counted = { kind: Trial['approvers'][number]['kind']; name: string; documents: number }
type Document = { id: string; number: string; document: string; amount?: Money }

function trialOf(found: Omit<Trial, 'approvers' | 'documents'> & { approvers: Counted[]; documents: Document[] }): Trial {
  return {
    ...found,
    approvers: found.approvers.map(({ documents, ...who }) => ({ ...who, times: documents })),
    documents: found.documents.map((each) => ({
      ...each,
      figure: each.amount ?? null,
      to: PAGES[each.document] && may('warehouse') ? `${PAGES[each.document]}/${each.id}` : null
    }))
  }
}

export const FLOWS: Record<FlowService, Calls> = {
  sales: {
    fields: () => said(api.GET('/api/v1/approval-fields')),
    list: (query) => said(api.GET('/api/v1/approval-flows', { params: { query } })),
    one: (flow_id) => said(api.GET('/api/v1/approval-flows/{flow_id}', { params: { path: { flow_id } } })),
    define: (body, headers) => said(api.POST('/api/v1/approval-flows', { body, headers })),
    attempt: async (body, last, headers) => {
      const { quotations, approvers, ...rest } = await said(api.POST('/api/v1/approval-flows/try', { body: { ...body, last }, headers }))
      return {
        ...rest,
        approvers: approvers.map(({ quotations: times, ...who }) => ({ ...who, times })),
        documents: quotations.map((each) => ({ ...each, document: 'quotation', figure: each.total, to: `/quotations/${each.id}` }))
      }
    }
  },
  finance: {
    fields: () => said(api.GET('/api/v1/finance-approval-fields')),
    list: (query) => said(api.GET('/api/v1/finance-approval-flows', { params: { query: { superseded: false, ...query } } })) as Promise<Page>,
    one: (flow_id) => said(api.GET('/api/v1/finance-approval-flows/{flow_id}', { params: { path: { flow_id } } })) as Promise<Flow>,
    define: (body, headers) =>
      said(api.POST('/api/v1/finance-approval-flows', { body: body as Schemas['finance_FlowIn'], headers })) as Promise<Flow>,
    attempt: async (body, last, headers) =>
      trialOf(await said(api.POST('/api/v1/finance-approval-flows/try', { body: { ...(body as Schemas['finance_FlowIn']), last }, headers })))
  },
  inventory: {
    fields: () => said(api.GET('/api/v1/inventory-approval-fields')),
    list: (query) => said(api.GET('/api/v1/inventory-approval-flows', { params: { query } })) as Promise<Page>,
    one: (flow_id) => said(api.GET('/api/v1/inventory-approval-flows/{flow_id}', { params: { path: { flow_id } } })) as Promise<Flow>,
    define: (body, headers) =>
      said(api.POST('/api/v1/inventory-approval-flows', { body: body as Schemas['inventory_FlowIn'], headers })) as Promise<Flow>,
    attempt: async (body, last, headers) =>
      trialOf(await said(api.POST('/api/v1/inventory-approval-flows/try', { body: { ...(body as Schemas['inventory_FlowIn']), last }, headers })))
  }
}

const READERS: Record<FlowService, string[]> = {
  sales: ['sales_manager', 'finance'],
  finance: ['finance', 'sales_manager'],
  inventory: ['finance', 'sales_manager', 'warehouse']
}
const AUTHORS: Record<FlowService, string[]> = { sales: ['sales_manager'], finance: ['finance'], inventory: ['finance'] }

/** Whose flows the person may look at, in the order in which they are offered. */
export const readable = (): FlowService[] => (Object.keys(READERS) as FlowService[]).filter((each) => may(...READERS[each]))
export const mayWrite = (service: FlowService): boolean => may(...AUTHORS[service])
export const rootOf = (service: FlowService): string => (service === 'sales' ? '/admin/flows' : `/admin/flows/${service}`)
