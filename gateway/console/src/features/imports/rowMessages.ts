/** What is wrong with a row, in the reader's language where it is known, else as the server said it. */
import { language, t } from '@/ui/language'
import type { RowProblem } from './rowProblem'

/** What the readers of cells and the loaders say most, and the same in Chinese. */
const CHINESE: readonly (readonly [RegExp, string])[] = [
  [/^must be filled$/, '必填'],
  [/ is there already$/, '$` 已存在'],
  [/ is no known customer$/, '没有客户 $`'],
  [/ is no known item$/, '没有商品 $`'],
  [/ is no known warehouse$/, '没有仓库 $`'],
  [/ is no known supplier$/, '没有供应商 $`'],
  [/ is no known user$/, '没有用户 $`'],
  [/ must be an ISO 4217 code such as USD or CNY$/, '$` 不是 ISO 4217 币种代码（如 USD 或 CNY）'],
  [/ must be a date such as 2026-03-02$/, '$` 不是日期（应如 2026-03-02）'],
  [/ must be yes or no$/, '$` 应为 yes 或 no'],
  [/ must be a number such as 12 or 1.5, with up to 3 decimals$/, '$` 应为数字（如 12 或 1.5，最多 3 位小数）'],
  [/ must be above zero$/, '$` 应大于零'],
  [/ must be a whole number from (\d+) to (\d+)$/, '$` 应为 $1 到 $2 的整数'],
  [/ must be an amount such as 12.50, zero or more$/, '$` 应为金额（如 12.50，不小于零）'],
  [/ must be a cost with its currency such as 9.50 USD, with up to 4 decimals$/, '$` 应为成本及币种（如 9.50 USD，最多 4 位小数）'],
  [/ must be from 0 to 100 with up to 2 decimals$/, '$` 应为 0 到 100，最多 2 位小数'],
  [/ must be one of (.+)$/, '$` 应为以下之一：$1'],
  [/ has (\d+) characters; at most (\d+) fit$/, '$` 有 $1 个字符，最多 $2 个'],
  [/ holds a control character; remove it$/, '$` 含有控制字符，请删除'],
  [/^repeats line (\d+); each may stand once$/, '与第 $1 行重复，每个只能出现一次'],
  [/^differs from line (\d+) of the same .+$/, '与同一单据的第 $1 行不一致']
]

export function messageOf(problem: RowProblem): string {
  if (problem.word) return t(problem.word, problem.given)
  const said = problem.message ?? ''
  if (language.value !== 'zh') return said
  for (const [pattern, chinese] of CHINESE) {
    const found = pattern.exec(said)
    if (found) return chinese.replace(/\$(`|\d)/g, (_, part: string) => (part === '`' ? said.slice(0, found.index) : (found[Number(part)] ?? '')))
  }
  return said
}
