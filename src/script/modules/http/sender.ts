import { isNamed } from '../../../core/field-name.ts'
import type { RequestEnd, RequestSpec, VuHost } from '../../../engine/host.ts'
import type { RandomSource } from '../../random-source.ts'
import type { WaitGate } from '../wait-gate.ts'
import { type Call, type CallReader, randomHex } from './call.ts'
import { answerDigest } from './digest.ts'
import { withoutHeader } from './headers.ts'
import { isRedirect, redirectOf } from './redirect.ts'
import type { RequestCookies } from './request-cookies.ts'
import { HttpResponse } from './response.ts'
import { isSameOrigin } from './target.ts'

export interface SenderParts {
  readonly gate: WaitGate
  readonly calls: CallReader
  readonly cookies: RequestCookies
  readonly random: RandomSource
}

const NO_CREDENTIALS = { username: '', password: '' }

/** Sends the requests of one VU and follows where the replies lead. */
export class Sender {
  readonly #host: VuHost
  readonly #gate: WaitGate
  readonly #calls: CallReader
  readonly #cookies: RequestCookies
  readonly #random: RandomSource

  constructor(host: VuHost, { gate, calls, cookies, random }: SenderParts) {
    this.#host = host
    this.#gate = gate
    this.#calls = calls
    this.#cookies = cookies
    this.#random = random
  }

  /** For the functions that wait. */
  send(method: string, url: unknown, body: unknown, params: unknown): Promise<HttpResponse> {
    const call = this.#calls.read(method, url, body, params)
    if ('error' in call) return Promise.resolve(HttpResponse.unsent(call, this))
    this.#gate.enter(`http.${method === 'DELETE' ? 'del' : method.toLowerCase()}`)
    return this.#exchange(call, call.spec, 0, false, true)
  }

  /** The same without telling the guard: the script does not wait, or for more than this. */
  async sendAside(method: string, url: unknown, body: unknown, params: unknown): Promise<HttpResponse> {
    const call = this.#calls.read(method, url, body, params)
    if ('error' in call) return HttpResponse.unsent(call, this)
    return this.#exchange(call, call.spec, 0, false, false)
  }

  /**
   * Every hop is a request of its own in the figures, as in k6.
   *
   * @param isAnswer whether the hop answers a challenge
   * @param isAwaited whether the guard waits for the end of it all
   */
  #exchange(
    call: Call,
    spec: RequestSpec,
    redirectCount: number,
    isAnswer: boolean,
    isAwaited: boolean,
  ): Promise<HttpResponse> {
    return this.#host.request(spec, (end) => {
      if (end.kind === 'response') this.#cookies.take(spec.url, end.response, call.params)
      const answer = isAnswer ? undefined : this.#answerOf(call, spec, end)
      if (answer !== undefined) return this.#exchange(call, answer, redirectCount, true, isAwaited)
      const next = this.#redirectOf(call, spec, end, redirectCount)
      if (next !== undefined) return this.#exchange(call, next, redirectCount + 1, false, isAwaited)
      if (isAwaited) this.#gate.leave()
      return this.#respond(call, spec, end)
    })
  }

  /** The same request once more, with the answer to the challenge that came for it from the server it was meant for. */
  #answerOf(call: Call, spec: RequestSpec, end: RequestEnd): RequestSpec | undefined {
    const { params, credentials = NO_CREDENTIALS } = call
    if (params.auth !== 'digest' || end.kind === 'error' || end.response.status !== 401) return undefined
    if (!isSameOrigin(spec.target, call.spec.target)) return undefined
    const challenges = end.response.headers.filter(([name]) => isNamed(name, 'www-authenticate'))
    const { method, path } = spec
    const authorization = answerDigest(
      challenges.map(([, value]) => value),
      { method, path, credentials, clientNonce: randomHex(this.#random) },
    )
    if (authorization === undefined) return undefined
    const kept = withoutHeader(withoutHeader(spec.headers, 'authorization'), 'cookie')
    const headers = this.#cookies.addedTo([...kept, ['Authorization', authorization]], spec.url, params)
    return { ...spec, headers, expects: this.#calls.expectationOf(params, true) }
  }

  #redirectOf(
    call: Call,
    spec: RequestSpec,
    end: RequestEnd,
    redirectCount: number,
  ): RequestSpec | undefined {
    if (!isRedirect(end)) return undefined
    const { params } = call
    const { maxRedirects, isMaxRedirectsGiven } = this.#host.http
    if (redirectCount >= (params.maxRedirects ?? maxRedirects)) {
      if (params.maxRedirects === undefined && !isMaxRedirectsGiven) this.#warnOfLimit(redirectCount)
      return undefined
    }
    const next = redirectOf(spec, call.spec, end)
    if (next === undefined) return undefined
    // An answer to a challenge holds for one request alone.
    const kept = params.auth === 'digest' ? withoutHeader(next.headers, 'authorization') : next.headers
    const headers = this.#cookies.addedTo(kept, next.url, params)
    return { ...next, headers, expects: this.#calls.expectationOf(params, false) }
  }

  #warnOfLimit(redirectCount: number): void {
    const todo = 'set the option maxRedirects or the request parameter redirects if that is meant'
    this.#host.warnOnce(`a redirect was not followed after ${redirectCount} others; ${todo}`)
  }

  /** @throws what the script wants to have thrown when a request fails */
  #respond(call: Call, spec: RequestSpec, end: RequestEnd): HttpResponse {
    const response = new HttpResponse({ call, spec, end }, spec.url, this)
    const { failure } = call
    if (failure === undefined || response.status !== 0) return response
    failure.message = response.error
    throw failure
  }
}
