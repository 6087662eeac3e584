/** From when until when a policy or promotion holds, in words; an end that is open is not shown as a dash. */
import { day } from '@/ui/formats'
import { t } from '@/ui/language'

export function validity({ valid_from, valid_until }: { valid_from: string | null; valid_until: string | null }): string {
  if (valid_from && valid_until) return `${day(valid_from)} – ${day(valid_until)}`
  if (valid_from) return t('policy.valid_from', { day: day(valid_from) })
  return valid_until ? t('policy.valid_until', { day: day(valid_until) }) : t('policy.always')
}
