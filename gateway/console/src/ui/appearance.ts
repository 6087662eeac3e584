/** Light or dark, as the system has it until a person chooses. */
import { ref, watchEffect } from 'vue'

const KEPT = 'meridian.dark'
const kept = localStorage.getItem(KEPT)

export const dark = ref(kept === null ? matchMedia('(prefers-color-scheme: dark)').matches : kept === 'yes')

watchEffect(() => document.documentElement.classList.toggle('dark', dark.value))

export function chooseDark(value: boolean): void {
  dark.value = value
  localStorage.setItem(KEPT, value ? 'yes' : 'no')
}
