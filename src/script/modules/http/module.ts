import type { VuHost } from '../../../engine/host.ts'
import type { EventLoop } from '../../event-loop.ts'
import type { RandomSource } from '../../random-source.ts'
import { textOf } from '../text.ts'
import type { WaitGate } from '../wait-gate.ts'
import { readBatchRequest, sendBatch } from './batch.ts'
import { CallReader } from './call.ts'
import { CONSTANTS } from './constants.ts'
import { CookieJar, CookieStore } from './cookie-jar.ts'
import { expectedStatuses, readResponseCallback } from './expected-statuses.ts'
import { createFile, type FileData } from './file-data.ts'
import { RequestCookies } from './request-cookies.ts'
import type { HttpResponse } from './response.ts'
import { Sender } from './sender.ts'
import { namedUrl } from './url.ts'

type Send = (url: unknown, ...rest: unknown[]) => Promise<HttpResponse>
type Request = (method: unknown, url: unknown, body?: unknown, params?: unknown) => Promise<HttpResponse>

/** The names of `k6/http`. Functions that take time return promises; the loader has put `await` before their calls. */
export type HttpModule = typeof CONSTANTS & {
  readonly get: Send
  readonly head: Send
  readonly post: Send
  readonly put: Send
  readonly patch: Send
  readonly del: Send
  readonly options: Send
  readonly request: Request
  /** The script's own promise. */
  readonly asyncRequest: Request
  readonly batch: (requests: unknown) => Promise<HttpResponse[] | Record<string, HttpResponse>>
  readonly url: typeof namedUrl
  readonly file: (data: unknown, filename?: unknown, contentType?: unknown) => FileData
  readonly cookieJar: () => CookieJar
  readonly CookieJar: new () => CookieJar
  readonly expectedStatuses: typeof expectedStatuses
  readonly setResponseCallback: (callback: unknown) => void
}

/** What the module needs besides the VU. */
export interface HttpParts {
  readonly gate: WaitGate
  readonly loop: Pick<EventLoop, 'track'>
  readonly random: RandomSource
  /** Milliseconds since 1970 on the script's own clock. */
  readonly nowMs: () => number
}

export function createHttpModule(host: VuHost, { gate, loop, random, nowMs }: HttpParts): HttpModule {
  const cookies = new RequestCookies(host, nowMs)
  const calls = new CallReader(host, cookies, random)
  const sender = new Sender(host, { gate, calls, cookies, random })
  const bodiless = (method: string): Send => {
    return (url, params) => sender.send(method, url, undefined, params)
  }
  const withBody = (method: string): Send => {
    return (url, body, params) => sender.send(method, url, body, params)
  }
  let fileCount = 0
  return {
    ...CONSTANTS,
    get: bodiless('GET'),
    head: bodiless('HEAD'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    del: withBody('DELETE'),
    options: withBody('OPTIONS'),
    request: (method, url, body, params) => sender.send(readMethod(method), url, body, params),
    asyncRequest: async (method, url, body, params) =>
      loop.track(sender.sendAside(readMethod(method), url, body, params)),
    batch: (requests) => batch(host, gate, sender, requests),
    url: namedUrl,
    // k6 takes the time for a name; any that is not used twice will do.
    file: (data, filename, contentType) =>
      createFile(data, filename === undefined ? String(++fileCount) : textOf(filename), contentType),
    cookieJar: () => {
      if (!host.mayWait) throw new Error('http.cookieJar() cannot be called while the script loads')
      return new CookieJar(cookies.current)
    },
    CookieJar: class extends CookieJar {
      constructor() {
        super(new CookieStore(nowMs))
      }
    },
    expectedStatuses,
    setResponseCallback: (callback) => {
      calls.expects = readResponseCallback(callback)
    },
  }
}

/** A token (RFC 9110 §9.1): anything else would break the request line. */
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

function readMethod(method: unknown): string {
  const text = String(method)
  if (!METHOD.test(text)) throw new TypeError(`not an HTTP method: ${JSON.stringify(text.slice(0, 40))}`)
  return text.toUpperCase()
}

/**
 * All at once as far as the options allow; a list or an object of replies, as the requests were.
 *
 * @throws the first of the errors, when all requests have ended
 */
async function batch(
  { http }: VuHost,
  gate: WaitGate,
  sender: Sender,
  given: unknown,
): Promise<HttpResponse[] | Record<string, HttpResponse>> {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError('http.batch() takes a list or an object of requests')
  }
  const requests = Object.entries(given).map(([key, request]) => readBatchRequest(request, key))
  gate.enter('http.batch')
  const ends = await sendBatch(requests, http, async ({ method, url, body, params }) =>
    sender.sendAside(readMethod(method), url, body, params),
  )
  gate.leave()
  const replies = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
  if (Array.isArray(given)) return replies
  return Object.fromEntries(Object.keys(given).map((key, index) => [key, replies[index]!]))
}
