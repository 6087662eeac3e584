/** Serials as they are scanned or typed: one each, with spaces, commas or new lines between. */
export const serialsOf = (text: string | undefined): string[] => (text ?? '').split(/[\s,，;；]+/).filter(Boolean)
