/** The forms that apply now: which fields a company has added to its customers and items, and to quotations and their orders. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, said } from './client'

const ASKED = {
  customer: async () =>
    (await said(api.GET('/api/v1/crm-forms', { params: { query: { document: 'customer' } } }))).items[0]?.fields ?? [],
  item: async () =>
    (await said(api.GET('/api/v1/inventory-forms', { params: { query: { document: 'item' } } }))).items[0]?.fields ?? [],
  quotation: async () =>
    (await said(api.GET('/api/v1/sales-forms', { params: { query: { document: 'quotation' } } }))).items[0]?.fields ?? []
}

export function useForm(document: keyof typeof ASKED) {
  const { data } = useQuery({ queryKey: ['form', document], queryFn: () => ASKED[document](), staleTime: 300_000 })
  return computed(() => data.value ?? [])
}
