/** What whoever did something is called, wherever it is told: in a list, in a text, on a chart. */
import { isId, useColleagues } from '@/api/names'
import { label, t } from './language'

export type Names = ReadonlyMap<string, string> | undefined

/** Before the names have come, dots; what is no id, such as an import, has a word of its own. */
export function called(id: string | null | undefined, names: Names, otherwise?: string): string {
  if (!id) return '–'
  if (!isId(id)) return otherwise ?? label('actor', id)
  return names ? (names.get(id) ?? otherwise ?? t('colleague.unknown')) : '…'
}

export function useNaming(): (id: string | null | undefined) => string {
  const names = useColleagues()
  return (id) => called(id, names.value)
}
