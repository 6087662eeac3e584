import { VueQueryPlugin } from '@tanstack/vue-query'
import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import { createApp } from 'vue'
import { queryClient } from '@/api/queries'
import App from '@/app/App.vue'
import { router } from '@/app/router'
import '@/ui/appearance'
import '@/ui/style.css'
import '@/ui/records.css'

createApp(App).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
