/** Whoever is no administrator is told so at once; the server refuses it all the same. */
import { Problem } from '@/api/problem'
import { may } from '@/api/session'
import { t } from '@/ui/language'

export const refusal = (): Problem | null => (may('admin') ? null : new Problem(403, 'forbidden', t('problem.forbidden')))
