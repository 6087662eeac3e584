/** Knowledge articles: in one version or another, in one language or both. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, said, type Schemas } from '@/api/client'
import { queryClient } from '@/api/queries'
import { may } from '@/api/session'

export type Article = Schemas['ArticleOut']
export const LANGUAGES = ['en', 'zh'] as const
export const STATES = ['draft', 'published', 'retired'] as const

export const mayWrite = (): boolean => may('service')

/** A version was written that is not published yet. */
export const isAhead = (article: Article): boolean => article.published_no != null && article.latest_no! > article.published_no

export function useArticle(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['article', toValue(id)]),
    queryFn: () => said(api.GET('/api/v1/articles/{article_id}', { params: { path: { article_id: toValue(id) } } })),
    enabled: computed(() => Boolean(toValue(id)))
  })
}

/** An act on the article answers how it is now; lists and tickets that name it are asked for again. */
export function refreshArticles(now: Article): void {
  queryClient.setQueryData(['article', now.id], now)
  for (const name of ['knowledge', 'articles']) void queryClient.invalidateQueries({ queryKey: [name] })
}
