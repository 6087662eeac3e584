import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

/** Writes each script and style a second time, packed, so that the gateway has nothing to do but send it. */
function packed(): Plugin {
  return {
    name: 'packed',
    closeBundle() {
      const folder = resolve(__dirname, 'dist/assets')
      for (const name of readdirSync(folder).filter((each) => /\.(js|css)$/.test(each))) {
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }))
      }
    }
  }
}

export default defineConfig({
  plugins: [vue(), packed()],
  resolve: { alias: { '@': resolve(__dirname, 'src') } },
  // Nothing inlined as data: of another kind than images, so that the policy of the page can stay strict.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900, target: 'es2022' },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } }
})
