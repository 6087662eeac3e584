/** The forms of the services: one per kind of document, each defined by the service that owns it. */
import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, computed, toValue } from 'vue'
import type { Keyed } from '@/api/act'
import { api, said, type Schemas } from '@/api/client'

export const DOCUMENTS = ['customer', 'item', 'quotation'] as const
export type Document = (typeof DOCUMENTS)[number]
export type FormField = Schemas['FormFieldOut']

export interface Form {
  document: Document
  version: number
  fields: FormField[]
  created_by: string
}
export interface NewForm {
  based_on: number
  fields: Schemas['FormFieldIn'][]
}
interface Ways {
  read: (version?: number) => Promise<{ items: Form[] }>
  attempt: (form: NewForm, last: number, headers: Keyed) => Promise<Schemas['FormTrialOut']>
  define: (form: NewForm, headers: Keyed) => Promise<Form>
}

const WAYS: Record<Document, Ways> = {
  customer: {
    read: (version) => said(api.GET('/api/v1/crm-forms', { params: { query: { document: 'customer', version } } })),
    attempt: (form, last, headers) => said(api.POST('/api/v1/crm-forms/try', { body: { ...form, document: 'customer', last }, headers })),
    define: (form, headers) => said(api.POST('/api/v1/crm-forms', { body: { ...form, document: 'customer' }, headers }))
  },
  item: {
    read: (version) => said(api.GET('/api/v1/inventory-forms', { params: { query: { document: 'item', version } } })),
    attempt: (form, last, headers) => said(api.POST('/api/v1/inventory-forms/try', { body: { ...form, document: 'item', last }, headers })),
    define: (form, headers) => said(api.POST('/api/v1/inventory-forms', { body: { ...form, document: 'item' }, headers }))
  },
  quotation: {
    read: (version) => said(api.GET('/api/v1/sales-forms', { params: { query: { document: 'quotation', version } } })),
    attempt: (form, last, headers) => said(api.POST('/api/v1/sales-forms/try', { body: { ...form, document: 'quotation', last }, headers })),
    define: (form, headers) => said(api.POST('/api/v1/sales-forms', { body: { ...form, document: 'quotation' }, headers }))
  }
}
export const waysOf = (document: Document): Ways => WAYS[document]

/** One version of a form, or the one that applies now. */
export function useFormVersion(document: MaybeRefOrGetter<Document>, version?: MaybeRefOrGetter<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ['forms', toValue(document), toValue(version) ?? 'now']),
    queryFn: async () => (await waysOf(toValue(document)).read(toValue(version))).items[0]!
  })
}
