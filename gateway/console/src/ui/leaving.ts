/** Asks before a page is left on which something would be lost, by a link or with the window. */
import { ElMessageBox } from 'element-plus'
import { onBeforeUnmount, onMounted } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'
import { t } from './language'
import type { Word } from './words'

/** `asked`: what is said of it, where it stands, and what the two answers are called. */
export function useLeaving(loses: () => boolean, asked: { what: Word; where: Word; leave: Word; stay: Word }): void {
  async function mayLeave(): Promise<boolean> {
    if (!loses()) return true
    const options = { confirmButtonText: t(asked.leave), cancelButtonText: t(asked.stay), type: 'warning' as const }
    return ElMessageBox.confirm(t(asked.what), t(asked.where), options).then(() => true, () => false)
  }
  function warn(event: BeforeUnloadEvent): void {
    if (loses()) event.preventDefault()
  }
  onBeforeRouteLeave(mayLeave)
  onBeforeRouteUpdate(mayLeave)
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))
}
