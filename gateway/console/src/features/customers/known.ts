/** What the services say of a customer, as the sections of the page hold it. */
import type { paths } from '@/api/schema'

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer A } } } }
}
  ? A
  : never

export interface Known {
  profile: Answer<'/api/v1/customers/{customer_id}'>
  credit: Answer<'/api/v1/accounts/{customer_id}'>
  sales: Answer<'/api/v1/customers/{customer_id}/sales-summary'>
  deliveries: Answer<'/api/v1/customers/{customer_id}/delivery-summary'>
  relationship: Answer<'/api/v1/customers/{customer_id}/relationship-summary'>
  service: Answer<'/api/v1/customers/{customer_id}/service-summary'>
}
