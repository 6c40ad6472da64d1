/** Servers as tables: a reply for each method and path. */
import type { ServerResponse } from 'node:http'
import type { Answer, RecordedRequest } from '../support/recording-server.ts'

/** A request, taken apart. */
export interface Visit extends RecordedRequest {
  readonly query: URLSearchParams
  /** What the path's `:name` segments stand for, in their order. */
  readonly segments: readonly string[]
  /** A form or a JSON object. */
  readonly fields: Readonly<Record<string, unknown>>
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** An object is sent as JSON. */
  readonly body?: string | Buffer | object
  /** Sends the reply this late. */
  readonly delayMs?: number
  /** Sends the body chunk by chunk. */
  readonly chunks?: readonly string[]
}

/** `METHOD /path/:name` → its reply; `*` is any method. */
export type Routes = Readonly<Record<string, (visit: Visit) => Reply>>

export const NOT_FOUND: Reply = { status: 404, body: { error: 'not found' } }

/** Answers by the first route that fits; without one, with 404. */
export function answerFrom(table: Routes): Answer {
  const routes = Object.entries(table)
  return (request, response) => {
    const url = new URL(request.path, 'http://shop.invalid')
    for (const [route, reply] of routes) {
      const segments = match(route, request.method, url.pathname)
      if (segments === undefined) continue
      const visit = { ...request, query: url.searchParams, segments, fields: fieldsOf(request) }
      return send(response, reply(visit), request.method)
    }
    send(response, NOT_FOUND, request.method)
  }
}

/** The path's `:name` segments; `undefined` when the route is another. */
function match(route: string, method: string, pathname: string): string[] | undefined {
  const [routeMethod, routePath = ''] = route.split(' ')
  const askedFor = method === 'HEAD' ? 'GET' : method
  if (routeMethod !== '*' && routeMethod !== askedFor) return undefined
  const expected = routePath.split('/')
  const given = pathname.split('/')
  if (expected.length !== given.length) return undefined
  if (!expected.every((part, index) => part.startsWith(':') || part === given[index])) return undefined
  return given.filter((_, index) => expected[index]?.startsWith(':')).map(decodeURIComponent)
}

function fieldsOf({ headers, body, parts }: RecordedRequest): Record<string, unknown> {
  const type = headers['content-type'] ?? ''
  if (parts !== undefined) return Object.fromEntries(parts.map(({ name, text }) => [name, text]))
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body))
  const isJson = type.startsWith('application/json') && body !== ''
  return isJson ? (JSON.parse(body) as Record<string, unknown>) : {}
}

function send(response: ServerResponse, reply: Reply, method: string): void {
  const { status, headers = {}, body, delayMs = 0, chunks } = reply
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
  const content = isJson ? JSON.stringify(body) : body
  response.writeHead(status, {
    ...(isJson && { 'content-type': 'application/json' }),
    ...(headers as object),
  })
  if (delayMs > 0) setTimeout(() => response.end(content), delayMs)
  else if (chunks !== undefined) sendChunks(response, chunks)
  else response.end(method === 'HEAD' ? undefined : content)
}

function sendChunks(response: ServerResponse, chunks: readonly string[]): void {
  for (const chunk of chunks) response.write(chunk)
  response.end()
}
