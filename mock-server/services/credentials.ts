/** Keys, and the tokens that stand in for them: azure-docs Translator/reference/v3-0-reference.md. */
import { Rng } from '../../src/core/rng.ts'
import type { MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import * as azure from './azure.ts'
import { parameter } from './query.ts'
import type { Answered, Reply } from './service.ts'

export type Access = 'granted' | 'missing' | 'wrong'

const TOKEN_LIFETIME_US = 600_000_000
const TOKEN_PATH = /^\/sts\/v1\.0\/issuetoken$/i
const BEARER = /^bearer +(\S+)$/i

/** The key out of the header, else out of the query. */
export function keyOf(request: MockRequest, query: URLSearchParams): string | undefined {
  return request.headers['ocp-apim-subscription-key'] ?? parameter(query, 'subscription-key')
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(request: MockRequest): string | undefined {
  return BEARER.exec(request.headers['authorization'] ?? '')?.[1]
}

export function isTokenPath(path: string): boolean {
  return TOKEN_PATH.test(path)
}

/** What opens a service that takes a key or a token got for a key. Tokens are signed, so that none has to be kept. */
export class Credentials {
  readonly #keys: readonly string[]
  readonly #issuer: string
  readonly #secret: string

  /** @param keys all are equally valid. @param issuer what its tokens begin with. */
  constructor(keys: readonly string[], issuer: string, rng: Rng) {
    this.#keys = keys
    this.#issuer = issuer
    this.#secret = drawGuid(rng.fork('tokens'))
  }

  accessOf(request: MockRequest, query: URLSearchParams, nowUs: number): Access {
    const key = keyOf(request, query)
    if (key !== undefined) return this.#keys.includes(key) ? 'granted' : 'wrong'
    if (request.headers['authorization'] === undefined) return 'missing'
    return this.#isToken(bearerOf(request) ?? '', nowUs) ? 'granted' : 'wrong'
  }

  /** `POST /sts/v1.0/issueToken`: a token in plain text, valid for 10 minutes. */
  answerTokenRequest(
    request: MockRequest,
    query: URLSearchParams,
    nowUs: number,
    requestId: string,
  ): Answered {
    const operation = 'issue-token'
    const invalid = (reply: Reply): Answered => ({ kind: 'invalid', operation, reply })
    if (request.method !== 'POST') return invalid(azure.methodNotAllowedReply('POST', requestId))
    const key = keyOf(request, query)
    if (key === undefined || !this.#keys.includes(key)) return invalid(azure.unauthorizedReply(requestId))
    const headers = [
      ['apim-request-id', requestId],
      ['Content-Type', 'text/plain; charset=utf-8'],
    ] as const
    const body = this.#sign(nowUs + TOKEN_LIFETIME_US)
    return { kind: 'managed', operation, reply: { status: 200, headers, body } }
  }

  #isToken(token: string, nowUs: number): boolean {
    const expiresAtUs = Number(token.split('.')[1])
    return expiresAtUs > nowUs && token === this.#sign(expiresAtUs)
  }

  #sign(expiresAtUs: number): string {
    return `${this.#issuer}.${expiresAtUs}.${drawGuid(new Rng(`${this.#secret}/${expiresAtUs}`))}`
  }
}
