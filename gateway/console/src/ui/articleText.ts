/** What an article says in the reader's language, else in the one that it has. */
import type { Schemas } from '@/api/client'
import { language } from './language'

export function articleText(article: Pick<Schemas['ArticleOut'], 'en' | 'zh'>): Schemas['TextOfArticle'] {
  const [own, other] = language.value === 'zh' ? [article.zh, article.en] : [article.en, article.zh]
  return own ?? other ?? { title: '–', body: '' }
}
