import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Reply } from '../services/service.ts'

/** Who may use the admin API: with a token, those who know it; without, anybody if only this machine can connect. */
export class AdminGuard {
  readonly #isOpen: boolean
  readonly #expected: Buffer | undefined

  constructor(host: string, token: string | undefined) {
    this.#isOpen = token === undefined && isLoopback(host)
    this.#expected = token === undefined ? undefined : Buffer.from(`Bearer ${token}`)
  }

  allows(request: IncomingMessage): boolean {
    if (this.#expected === undefined) return this.#isOpen
    const given = Buffer.from(request.headers.authorization ?? '')
    return given.length === this.#expected.length && timingSafeEqual(given, this.#expected)
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

const REFUSAL_BODY = '{"error":{"message":"the admin API needs the admin token (Authorization: Bearer …)"}}\n'

/** What everybody else is told. */
export const ADMIN_REFUSAL: Reply = {
  status: 403,
  headers: [
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(REFUSAL_BODY))],
  ],
  body: REFUSAL_BODY,
}
