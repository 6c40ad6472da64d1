/** The corner of the shop that shows what HTTP can do. */
import { readFileSync } from 'node:fs'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Reply, Routes, Visit } from './routes.ts'

const LIBRARY = new URL('./fixtures/remote/', import.meta.url)
const ETAG = '"v1"'
const BIG_TEXT = 'headroom '.repeat(500)

export function httpRoutes(): Routes {
  return {
    ...replyRoutes(),
    ...cookieRoutes(),
    ...redirectRoutes(),
    ...unsteadyRoutes(),
  }
}

function replyRoutes(): Routes {
  const text = { 'content-type': 'text/plain; charset=utf-8' }
  return {
    '* /echo': (visit) => ({ status: 200, body: echoOf(visit) }),
    '* /status/:code': ({ segments: [code] }) => ({ status: Number(code), body: `status ${code}` }),
    'GET /slow': ({ query }) => ({ status: 200, body: 'slow', delayMs: Number(query.get('ms') ?? 100) }),
    'GET /stream': () => ({ status: 200, headers: text, chunks: ['one\n', 'two\n', 'three\n'] }),
    'GET /bytes/:count': ({ segments: [count] }) => ({
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(Array.from({ length: Number(count) }, (_, index) => index % 256)),
    }),
    'GET /cached': ({ headers }) =>
      headers['if-none-match'] === ETAG
        ? { status: 304, headers: { etag: ETAG } }
        : { status: 200, headers: { ...text, etag: ETAG }, body: 'fresh' },
    'GET /gzip': () => compressed('gzip', gzipSync(BIG_TEXT)),
    'GET /deflate': () => compressed('deflate', deflateSync(BIG_TEXT)),
    'GET /br': () => compressed('br', brotliCompressSync(BIG_TEXT)),
    'GET /library/:file': ({ segments: [file = ''] }) => ({
      status: 200,
      headers: { 'content-type': 'text/javascript' },
      body: readFileSync(new URL(file, LIBRARY), 'utf8'),
    }),
  }
}

function echoOf({ method, path, headers, body, parts, fields }: Visit): object {
  return { method, path, headers, body, parts: parts ?? null, fields }
}

function compressed(encoding: string, body: Buffer): Reply {
  return { status: 200, headers: { 'content-type': 'text/plain', 'content-encoding': encoding }, body }
}

function cookieRoutes(): Routes {
  return {
    'GET /cookies': ({ headers }) => ({ status: 200, body: { cookie: headers.cookie ?? null } }),
    'GET /cookies/set': ({ query }) => ({
      status: 200,
      headers: { 'set-cookie': [...query].map(([name, value]) => `${name}=${value}; Path=/`) },
      body: 'set',
    }),
    'GET /cookies/delete': ({ query }) => ({
      status: 200,
      headers: { 'set-cookie': `${query.get('name')}=; Path=/; Max-Age=0` },
      body: 'deleted',
    }),
  }
}

function redirectRoutes(): Routes {
  return {
    'GET /redirect/:count': ({ segments: [count] }) => ({
      status: 302,
      headers: { location: Number(count) > 1 ? `/redirect/${Number(count) - 1}` : '/items/1' },
    }),
    '* /redirect-with/:code': ({ segments: [code] }) => ({
      status: Number(code),
      headers: { location: '/echo' },
    }),
  }
}

/** `/unsteady?key=K&failures=N&status=S` fails N times in a row for each key, then works. */
function unsteadyRoutes(): Routes {
  const failures = new Map<string, number>()
  return {
    'GET /unsteady': ({ query }) => {
      const key = query.get('key') ?? ''
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      if (count > Number(query.get('failures') ?? 1)) return { status: 200, body: { attempts: count } }
      const retryAfter = query.get('after') ?? '0'
      return {
        status: Number(query.get('status') ?? 503),
        headers: { 'retry-after': retryAfter },
        body: 'later',
      }
    },
  }
}
