/*
 * Keeps the console's page and its files in the browser, so that it opens without a connection.
 * VERSION and FILES are written in front of this by the build. Nothing of the API is kept here.
 */
const KEPT = `meridian-${VERSION}`
const PATIENCE_MS = 4000
const AT_ONCE = 6
const TRIES = 3
const PAUSE_MS = 500
const NOT_OURS = /^\/(api|docs|openapi|health|metrics)\b/

addEventListener('install', (event) => {
  event.waitUntil(keep())
})

addEventListener('activate', (event) => event.waitUntil(takeOver()))

addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin) return
  if (event.request.mode === 'navigate') {
    if (!NOT_OURS.test(pathname)) event.respondWith(page(event.request.url))
  } else if (FILES.includes(pathname)) {
    event.respondWith(file(event.request))
  }
})

/**
 * Keeps every file, a few at a time: one that a busy server does not give is asked for again, and what is kept already
 * stays kept where the rest must wait for the next visit.
 */
async function keep() {
  const kept = await caches.open(KEPT)
  const missing = [...FILES]
  const carry = async () => {
    for (let file = missing.pop(); file; file = missing.pop()) {
      if (!(await kept.match(file))) await keepOne(kept, file)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, carry))
}

async function keepOne(kept, file) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await kept.add(file)
    } catch (problem) {
      if (tried === TRIES) throw problem
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tried))
    }
  }
}

/** What an older build left is of no page any more: this one begins when the last page of that build is closed. */
async function takeOver() {
  const older = (await caches.keys()).filter((name) => name.startsWith('meridian-') && name !== KEPT)
  await Promise.all(older.map((name) => caches.delete(name)))
  await clients.claim()
}

/** The page of the server where it answers soon, else the one that is kept. */
async function page(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (answer.status < 500) return answer
  } catch {
    // No connection, or one that is not worth waiting for.
  }
  return caches.match('/', { cacheName: KEPT })
}

async function file(request) {
  return (await caches.match(request, { cacheName: KEPT })) ?? fetch(request)
}
