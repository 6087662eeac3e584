import { VueQueryPlugin } from '@tanstack/vue-query'
import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import { createApp } from 'vue'
import { followActs } from '@/api/acts'
import { followChanges } from '@/api/changes'
import { queryClient } from '@/api/queries'
import App from '@/app/App.vue'
import { router } from '@/app/router'
import '@/ui/appearance'
import '@/ui/style.css'
import '@/ui/records.css'
import '@/ui/charts.css'
import '@/ui/admin.css'
import '@/ui/terminal.css'

createApp(App).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')

followActs()
followChanges()
// The worker keeps the page and its files for a terminal without a connection; where it may not, all else works.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/worker.js').catch(() => undefined))
}
