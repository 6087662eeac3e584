/** A refusal in the reader's language where its code is known, else as the server said it. */
import type { Problem } from '@/api/problem'
import { hasWord, language, t } from './language'

export function problemText(problem: Problem): string {
  const word = `problem.${problem.code}`
  if (language.value === 'zh' && hasWord(word)) return t(word)
  if (problem.status === 0) return t('problem.offline')
  return problem.message
}
