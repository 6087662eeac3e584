/** Deputies at the three services that ask for approvals: named once for all of them, for the same days. */
import type { Keyed } from '@/api/act'
import { api, said, type Schemas } from '@/api/client'

export type Delegation = Schemas['DelegationOut'] & { service: Service }
type Service = 'sales' | 'finance' | 'inventory'
type Body = Schemas['DelegationIn']

const query = { limit: 100 }
const params = (delegation_id: string) => ({ path: { delegation_id } })
const AT = {
  sales: {
    list: () => said(api.GET('/api/v1/approval-delegations', { params: { query } })),
    name: (body: Body, headers: Keyed) => said(api.POST('/api/v1/approval-delegations', { body, headers })),
    end: (id: string, headers: Keyed) =>
      said(api.POST('/api/v1/approval-delegations/{delegation_id}/end', { params: params(id), headers }))
  },
  finance: {
    list: () => said(api.GET('/api/v1/finance-approval-delegations', { params: { query } })),
    name: (body: Body, headers: Keyed) => said(api.POST('/api/v1/finance-approval-delegations', { body, headers })),
    end: (id: string, headers: Keyed) =>
      said(api.POST('/api/v1/finance-approval-delegations/{delegation_id}/end', { params: params(id), headers }))
  },
  inventory: {
    list: () => said(api.GET('/api/v1/inventory-approval-delegations', { params: { query } })),
    name: (body: Body, headers: Keyed) => said(api.POST('/api/v1/inventory-approval-delegations', { body, headers })),
    end: (id: string, headers: Keyed) =>
      said(api.POST('/api/v1/inventory-approval-delegations/{delegation_id}/end', { params: params(id), headers }))
  }
}
const SERVICES = Object.keys(AT) as Service[]

/** Those that are not ended and not over, the next first; a service that is silent is left out of it. */
export async function currentDeputies(today: string): Promise<Delegation[]> {
  const found = await Promise.allSettled(
    SERVICES.map(async (service) => (await AT[service].list()).items.map((each) => ({ ...each, service })))
  )
  if (found.every((each) => each.status === 'rejected')) throw (found[0] as PromiseRejectedResult).reason
  return found
    .flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    .filter((each) => !each.ended_at && each.last_day >= today)
    .sort((one, other) => one.first_day.localeCompare(other.first_day))
}

/** One after the other under the same key: when one refuses, trying again repeats nothing at those that agreed. */
export async function nameDeputy(body: Body, headers: Keyed): Promise<boolean> {
  for (const service of SERVICES) await AT[service].name(body, headers)
  return true
}

export const endDeputy = async ({ service, id }: Delegation, headers: Keyed): Promise<boolean> => {
  await AT[service].end(id, headers)
  return true
}
