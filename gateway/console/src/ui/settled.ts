import { ref, type Ref, watch } from 'vue'

/** What was typed, once the typing has paused. */
export function useSettled(typed: Ref<string>, pause = 250): Ref<string> {
  const settled = ref(typed.value.trim())
  let timer = 0
  watch(typed, (now) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => (settled.value = now.trim()), pause)
  })
  return settled
}
