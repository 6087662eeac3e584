import type { Schemas } from '@/api/client'
import { t } from '@/ui/language'

/** Of whose figures are: a team's, those owed to a campaign, both, or all. */
export interface Among {
  team?: string
  campaign?: string
}

/** What is under way is of who is in the team now; what was sold, of who was in it that day. */
const BY_NOW = ['pipeline', 'funnel', 'process']

/** Beside figures of a team or a campaign: which are of all nevertheless, and which of the team as it is now. */
export function noteOf(figure: Schemas['FigureShownOut'], among: Among): string | undefined {
  if (!among.team && !among.campaign) return undefined
  if (!figure.narrowed) return t('figures.of_all')
  return among.team && BY_NOW.includes(figure.name) ? t('figures.team_now') : undefined
}
