/** How a price is worked out, as people read it. */
import type { Schemas } from '@/api/client'
import { percent } from './formats'
import { t } from './language'

/** How a price is worked out, in words; the factor on a cost is told to those only who may see costs. */
export function formulaText(formula: Schemas['FormulaOut']): string {
  if (formula.base === 'cost') return formula.factor == null ? t('pricing.cost') : `${t('pricing.cost')} × ${formula.factor}`
  const base = formula.base === 'policy' ? `“${formula.policy}”` : t('pricing.list')
  if (formula.percent_on != null) return `${base} + ${percent(formula.percent_on)}`
  return formula.percent_off != null ? `${base} − ${percent(formula.percent_off)}` : base
}
