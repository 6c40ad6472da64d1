import { Rng } from '../../src/core/rng.ts'
import { drawGuid } from '../guid.ts'

/** How long a token is valid (bot-docs, direct-line-3-0-api-reference.md). */
export const TOKEN_LIFETIME_S = 1_800

const US_PER_S = 1_000_000

/** What opens one conversation for a while. */
export interface Token {
  readonly conversationId: string
  readonly isExpired: boolean
}

/** Tokens are signed, so that none has to be kept. */
export class DirectLineTokens {
  readonly #secret: string

  constructor(rng: Rng) {
    this.#secret = drawGuid(rng)
  }

  issue(conversationId: string, nowUs: number): string {
    return this.#sign(conversationId, nowUs + TOKEN_LIFETIME_S * US_PER_S)
  }

  /** @returns `undefined` for what was not issued here. */
  read(token: string, nowUs: number): Token | undefined {
    const [conversationId = '', expiresAtText = ''] = token.split('.')
    const expiresAtUs = Number(expiresAtText)
    if (token !== this.#sign(conversationId, expiresAtUs)) return undefined
    return { conversationId, isExpired: expiresAtUs <= nowUs }
  }

  #sign(conversationId: string, expiresAtUs: number): string {
    const signature = drawGuid(new Rng(`${this.#secret}/${conversationId}/${expiresAtUs}`))
    return `${conversationId}.${expiresAtUs}.${signature}`
  }
}
