/** The quotation being written: kept in this tab until it is issued, so that no error and no reload loses a word. */
import { reactive, watch } from 'vue'

export interface DraftLine {
  item_id: string
  sku: string
  name: string
  quantity: string
  discount: string
}

export interface Draft {
  customer_id: string
  valid_until: string
  promised_on: string
  lines: DraftLine[]
}

const KEPT = 'meridian.quotation'
export const emptyLine = (): DraftLine => ({ item_id: '', sku: '', name: '', quantity: '1', discount: '' })
const fresh = (): Draft => ({ customer_id: '', valid_until: '', promised_on: '', lines: [emptyLine()] })

function kept(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Draft | null
  } catch {
    return null
  }
}

export function useDraft(keep: boolean) {
  const draft = reactive<Draft>((keep && kept()) || fresh())
  if (keep) watch(draft, (now) => sessionStorage.setItem(KEPT, JSON.stringify(now)), { deep: true })
  return draft
}

export const forgetDraft = (): void => sessionStorage.removeItem(KEPT)

export const filled = (draft: Draft): DraftLine[] => draft.lines.filter((line) => line.item_id)

/** The lines as the API takes them. */
export const asked = (draft: Draft) =>
  filled(draft).map((line) => ({
    item_id: line.item_id,
    quantity: line.quantity.trim(),
    ...(line.discount.trim() ? { discount_percent: line.discount.trim() } : {})
  }))
