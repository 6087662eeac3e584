/** User ids by login name, for the column that names who looks after a customer. */
import { api, said } from '@/api/client'
import type { SentRow } from './kinds'

const LONGEST_NAME = 64

async function everybody(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let cursor: string | undefined
  do {
    const page = await said(api.GET('/api/v1/users', { params: { query: { cursor, limit: 200 } } }))
    for (const each of page.items) if (each.username) found.set(each.username, each.id)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return found
}

/** Returns what tells the ids of those whom rows name; who has a login is asked for once. */
export function useLogins() {
  let asked: Promise<Map<string, string>> | null = null
  return async (rows: readonly SentRow[]): Promise<Record<string, string>> => {
    const names = new Set(rows.flatMap((row) => (row.cells.owner ? [row.cells.owner] : [])))
    if (!names.size) return {}
    asked ??= everybody().catch((error) => {
      asked = null
      throw error
    })
    const known = await asked
    return Object.fromEntries([...names].flatMap((name) => (name.length <= LONGEST_NAME && known.has(name) ? [[name, known.get(name)!]] : [])))
  }
}
