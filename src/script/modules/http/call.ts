import type { RequestSpec, StatusTest, VuHost } from '../../../engine/host.ts'
import type { RandomSource } from '../../random-source.ts'
import { readBody, type RequestBody } from './body.ts'
import { compress } from './compression.ts'
import { errorCodeOf, errorCodeOfStatus, GENERIC_ERROR_CODE, INVALID_URL_CODE } from './error-codes.ts'
import { headerValue, withDefaultHeader, withDefaultHeaders, type Header } from './headers.ts'
import { readParams, type RequestParams, type ResponseType } from './params.ts'
import type { RequestCookies } from './request-cookies.ts'
import { RequestMistake } from './request-mistake.ts'
import {
  basicAuthorization,
  type Credentials,
  defaultName,
  InvalidUrlError,
  type SplitUrl,
  urls,
} from './target.ts'
import { HttpUrl } from './url.ts'

/** A request that a script has asked for, checked and ready to be sent. */
export interface Call {
  /** What is sent first, before redirects and challenges. */
  readonly spec: RequestSpec
  readonly params: RequestParams
  readonly responseType: ResponseType
  /** What to send before compression. */
  readonly body: RequestSpec['body']
  /** User info of the URL. */
  readonly credentials: Credentials | undefined
  /** To be thrown when the request fails: made where the script asks, so that it knows the place. */
  readonly failure: Error | undefined
}

/** A call that cannot be sent, for a mistake of the script. */
export interface Refusal {
  readonly url: string
  readonly error: string
  readonly errorCode: number
}

/** With digest authentication, the first reply is expected to be the challenge, as in k6. */
const CHALLENGE: StatusTest = (status) => status === 401

const codeOfEnd: NonNullable<RequestSpec['errorCodeOf']> = (status, error) =>
  error === undefined ? errorCodeOfStatus(status) : errorCodeOf(error)

/** Makes requests of what a script hands to the functions of `k6/http`. */
export class CallReader {
  /** See `http.setResponseCallback`; `undefined`: not used. */
  expects: StatusTest | null | undefined
  readonly #host: VuHost
  readonly #cookies: RequestCookies
  readonly #warnOnce: (text: string) => void
  readonly #makeBoundary: () => string

  constructor(host: VuHost, cookies: RequestCookies, random: RandomSource) {
    this.#host = host
    this.#cookies = cookies
    this.#warnOnce = (text) => host.warnOnce(text)
    this.#makeBoundary = () => randomHex(random)
  }

  /**
   * What cannot be sent is no exception unless the option `throw` wants it, as in k6.
   *
   * @throws {Error} while the script loads
   * @throws {ScriptError} for what k6 has and we do not
   */
  read(method: string, url: unknown, body: unknown, params: unknown): Call | Refusal {
    if (!this.#host.mayWait) {
      throw new Error(
        'requests cannot be made while the script loads: move this call into the default function or setup()',
      )
    }
    try {
      return this.#callOf(method, url, body, readParams(params, this.#warnOnce))
    } catch (error) {
      if (!(error instanceof RequestMistake) || this.#host.http.throws) throw error
      this.#warnOnce(`a request was not sent: ${error.message}`)
      const errorCode = error instanceof InvalidUrlError ? INVALID_URL_CODE : GENERIC_ERROR_CODE
      return { url: String(url), error: error.message, errorCode }
    }
  }

  /** What the script expects of a reply to a request, or to its answer to a challenge. */
  expectationOf({ auth, expects }: RequestParams, isAnswer: boolean): StatusTest | null | undefined {
    if (auth === 'digest' && !isAnswer) return CHALLENGE
    return expects === undefined ? this.expects : expects
  }

  #callOf(method: string, url: unknown, body: unknown, params: RequestParams): Call {
    const split = urls.split(String(url))
    const { target, path, credentials, shown } = split
    const read = readBody(body, this.#makeBoundary)
    const { content } = read
    const coding = content === null ? '' : params.compression.join(', ')
    const tags = tagsOf(url, params)
    const name = tags?.['name'] ?? this.#host.execution.tags['name']
    const responseType = params.responseType ?? (this.#host.discardResponseBodies ? 'none' : 'text')
    const spec: RequestSpec = {
      method,
      url: shown,
      target,
      path,
      headers: this.#headersOf(split, read, coding, params),
      body: content === null || coding === '' ? content : compress(content, params.compression),
      timeoutUs: params.timeoutUs,
      name: name ?? defaultName(shown),
      isNamed: name !== undefined,
      tags,
      dropsBody: responseType === 'none',
      expects: this.expectationOf(params, false),
      errorCodeOf: codeOfEnd,
    }
    const throws = params.throws ?? this.#host.http.throws
    return {
      spec,
      params,
      responseType,
      body: content,
      credentials,
      failure: throws ? new Error() : undefined,
    }
  }

  /** @param coding what compresses the body; empty: nothing does */
  #headersOf(
    { credentials, shown }: SplitUrl,
    { contentType }: RequestBody,
    coding: string,
    params: RequestParams,
  ): readonly Header[] {
    let headers = withDefaultHeaders(params.headers, this.#host.defaultHeaders)
    if (contentType !== undefined) headers = withDefaultHeader(headers, 'Content-Type', contentType)
    if (credentials !== undefined && params.auth === 'basic') {
      headers = withDefaultHeader(headers, 'Authorization', basicAuthorization(credentials))
    }
    headers = this.#cookies.addedTo(headers, shown, params)
    return coding === '' ? headers : this.#withCoding(headers, coding)
  }

  #withCoding(given: readonly Header[], coding: string): readonly Header[] {
    const headers = withDefaultHeader(given, 'Content-Encoding', coding)
    if (headerValue(headers, 'content-encoding') !== coding) {
      this.#warnOnce(`the header Content-Encoding of a request is not what compresses it: ${coding}`)
    }
    return headers
  }
}

/** A text for one use that nobody can guess. */
export function randomHex(random: RandomSource): string {
  return Buffer.from(random.bytes(16)).toString('hex')
}

/** A name that the script gives itself wins over that of http.url`…`. */
function tagsOf(url: unknown, { tags }: RequestParams): RequestParams['tags'] {
  if (!(url instanceof HttpUrl) || tags?.['name'] !== undefined) return tags
  return { ...tags, name: url.name }
}
