import { QueryClient } from '@tanstack/vue-query'
import { Problem } from './problem'

/** A refusal is not asked again; a service that did not answer is, once. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 1 && error instanceof Problem && error.unanswered && error.status !== 0,
      retryDelay: 1500,
      staleTime: 5_000,
      networkMode: 'always'
    },
    mutations: { networkMode: 'always' }
  }
})
