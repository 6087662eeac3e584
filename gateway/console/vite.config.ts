import { createHash } from 'node:crypto'
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

/** Tells the service worker which files there are: with any other file it is another worker. */
function keptOffline(): Plugin {
  return {
    name: 'kept-offline',
    closeBundle() {
      const folder = resolve(__dirname, 'dist')
      const assets = readdirSync(join(folder, 'assets')).filter((each) => !each.endsWith('.gz'))
      const files = ['/', '/icon.svg', '/manifest.webmanifest', ...assets.map((each) => `/assets/${each}`)]
      const worker = join(folder, 'worker.js')
      const said = `const FILES = ${JSON.stringify(files)}\n${readFileSync(worker, 'utf8')}`
      const version = createHash('sha256').update(said).update(readFileSync(join(folder, 'index.html'))).digest('hex')
      writeFileSync(worker, `const VERSION = '${version.slice(0, 16)}'\n${said}`)
    }
  }
}

export default defineConfig({
  plugins: [vue(), packed(), keptOffline()],
  resolve: { alias: { '@': resolve(__dirname, 'src') } },
  // Nothing inlined as data: of another kind than images, so that the policy of the page can stay strict.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900, target: 'es2022' },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } }
})
