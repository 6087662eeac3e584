/** The language of the page: switched at once, remembered, and told to the server and to the document. */
import { ref, watchEffect } from 'vue'
import { words, type Word } from './words'

export type Language = 'en' | 'zh'
const KEPT = 'meridian.language'

function first(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.startsWith('zh') ? 'zh' : 'en'
}

export const language = ref<Language>(first())

watchEffect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(KEPT, language.value)
})

export const locale = () => (language.value === 'zh' ? 'zh-CN' : 'en-GB')

/** Return the text in the language of the page, with `{name}` replaced by what is given. */
export function t(word: Word, given: Record<string, string | number> = {}): string {
  const text = words[word][language.value === 'zh' ? 1 : 0]
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(given[name] ?? whole))
}

/** Return the text for a value of the API, such as a state; a value that nobody has named yet is shown as it is. */
export function label(kind: string, value: string | null | undefined): string {
  if (!value) return '–'
  const word = `${kind}.${value}`
  return word in words ? t(word as Word) : value.replaceAll('_', ' ')
}

export const hasWord = (word: string): word is Word => word in words
