import type { RequestEnd, RequestSpec, VuHost } from '../../engine/host.ts'
import { readBody } from './http-body.ts'
import { readParams, type RequestParams } from './http-params.ts'
import { redirectOf } from './http-redirect.ts'
import { HttpResponse } from './http-response.ts'
import { defaultName, UrlSplitter } from './http-target.ts'
import type { WaitGate } from './wait-gate.ts'

type Send = (url: unknown, ...rest: unknown[]) => Promise<HttpResponse>

/** The functions of `k6/http`. They return promises; the loader has put `await` before their calls. */
export interface HttpModule {
  readonly get: Send
  readonly head: Send
  readonly post: Send
  readonly put: Send
  readonly patch: Send
  readonly del: Send
  readonly options: Send
  readonly request: (method: unknown, url: unknown, body?: unknown, params?: unknown) => Promise<HttpResponse>
}

/** Origins are the same for all VUs. */
const urls = new UrlSplitter()

export function createHttpModule(host: VuHost, gate: WaitGate): HttpModule {
  const sender = new Sender(host, gate)
  const bodiless = (method: string): Send => {
    return (url, params) => sender.send(method, url, undefined, params)
  }
  const withBody = (method: string): Send => {
    return (url, body, params) => sender.send(method, url, body, params)
  }
  return {
    get: bodiless('GET'),
    head: bodiless('HEAD'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    del: withBody('DELETE'),
    options: withBody('OPTIONS'),
    request: (method, url, body, params) => sender.send(readMethod(method), url, body, params),
  }
}

/** A token (RFC 9110 §9.1): anything else would break the request line. */
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

function readMethod(method: unknown): string {
  const text = String(method)
  if (!METHOD.test(text)) throw new TypeError(`not an HTTP method: ${JSON.stringify(text.slice(0, 40))}`)
  return text.toUpperCase()
}

class Sender {
  readonly #host: VuHost
  readonly #gate: WaitGate

  constructor(host: VuHost, gate: WaitGate) {
    this.#host = host
    this.#gate = gate
  }

  send(method: string, url: unknown, body: unknown, params: unknown): Promise<HttpResponse> {
    if (!this.#host.mayWait) {
      throw new Error(
        'requests cannot be made while the script loads: move this call into the default function or setup()',
      )
    }
    const read = readParams(params)
    const spec = this.#specOf(method, String(url), body, read)
    this.#gate.enter(`http.${method === 'DELETE' ? 'del' : method.toLowerCase()}`)
    return this.#follow(spec, read, read.maxRedirects)
  }

  #specOf(method: string, url: string, body: unknown, params: RequestParams): RequestSpec {
    const { target, path, authorization, shown } = urls.split(url)
    const { content, contentType } = readBody(body)
    const headers = [...params.headers]
    addIfAbsent(headers, 'User-Agent', this.#host.userAgent)
    if (contentType !== undefined) addIfAbsent(headers, 'Content-Type', contentType)
    if (authorization !== undefined) addIfAbsent(headers, 'Authorization', authorization)
    const name = params.tags?.['name'] ?? defaultName(shown)
    const { tags, timeoutUs } = params
    return { method, url: shown, target, path, headers, body: content, timeoutUs, name, tags }
  }

  /** Sends and follows redirects; every hop is a request of its own in the figures, as in k6. */
  #follow(spec: RequestSpec, params: RequestParams, redirectsLeft: number): Promise<HttpResponse> {
    return this.#host.request(spec, (end) => {
      const next = redirectsLeft > 0 ? redirectOf(spec, end, urls) : undefined
      if (next !== undefined) return this.#follow(next, params, redirectsLeft - 1)
      this.#gate.leave()
      return this.#respond(spec, params, end)
    })
  }

  #respond(spec: RequestSpec, params: RequestParams, end: RequestEnd): HttpResponse {
    if (end.kind === 'response') this.#warnOfDifferences(end.response)
    const discarded = this.#host.discardResponseBodies ? 'none' : 'text'
    return new HttpResponse(spec, end, params.responseType ?? discarded)
  }

  #warnOfDifferences(response: { header(name: string): string | undefined }): void {
    if (response.header('set-cookie') !== undefined) {
      this.#host.warnOnce('a reply set a cookie: headroom does not keep cookies yet, k6 would send it back')
    }
    if (response.header('content-encoding') !== undefined) {
      this.#host.warnOnce('a reply is compressed: headroom does not decompress bodies yet, k6 would')
    }
  }
}

function addIfAbsent(headers: (readonly [string, string])[], name: string, value: string): void {
  const lower = name.toLowerCase()
  if (!headers.some(([present]) => present.toLowerCase() === lower)) headers.push([name, value])
}
