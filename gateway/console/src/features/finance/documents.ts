/** Where the document behind a posting is shown, if the console has a screen for its kind. */
const SCREENS: Record<string, (id: string) => string> = {
  invoice: (id) => `/finance/invoices/${id}`,
  credit: (id) => `/finance/credit-notes/${id}`,
  credit_note: (id) => `/finance/credit-notes/${id}`,
  payment: (id) => `/finance/payments/${id}`
}

export const screenOf = (kind: string, id: string): string | null => SCREENS[kind]?.(id) ?? null

/** The language as papers and ledgers are asked for it. */
export const paperLanguage = (language: 'en' | 'zh'): 'en' | 'zh-CN' => (language === 'zh' ? 'zh-CN' : 'en')
