/** What replies say of the limits in their headers. */
import { US_PER_MS, US_PER_S } from '../src/core/units.ts'
import type { Standing } from './live-rule.ts'
import type { Unit } from './rule.ts'
import { retryAfterSeconds } from './services/service.ts'

export const RETRY_AFTER_FORMS = ['seconds', 'http-date', 'none'] as const
export const X_RATE_LIMIT_FORMS = ['none', 'single', 'by-unit'] as const

export interface SignalsConfig {
  /** Form of `Retry-After` (RFC 9110) on refusals; absent: seconds. */
  readonly retryAfter?: (typeof RETRY_AFTER_FORMS)[number]
  /** `retry-after-ms` on refusals, as Azure OpenAI sends it. */
  readonly retryAfterMs?: boolean
  /** `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers-10. */
  readonly rateLimit?: boolean
  /**
   * `single`: `x-ratelimit-limit`, `-remaining` and `-reset` (seconds) of the rule with the least left, as Envoy sends them.
   * `by-unit`: `x-ratelimit-remaining-requests` and the like, one for each unit, as Azure OpenAI. Absent: none.
   */
  readonly xRateLimit?: (typeof X_RATE_LIMIT_FORMS)[number]
  /** `Access-Control-Expose-Headers` with the names of the others, without which browsers hide them from scripts. */
  readonly exposeHeaders?: boolean
}

type Header = readonly [name: string, value: string]

/** When a refused request may come again. */
interface RetryTime {
  /** When the reply leaves. */
  readonly replyAtUs: number
  /** From then on; `Infinity`: never. */
  readonly retryAfterUs: number
}

/** Makes the headers of one resource. */
export class Signals {
  readonly #config: SignalsConfig
  readonly #startUnixMs: number

  /** @param startUnixMs the date at time 0. */
  constructor(config: SignalsConfig, startUnixMs: number) {
    this.#config = config
    this.#startUnixMs = startUnixMs
  }

  /**
   * @param retry of a refusal only.
   * @param standings asked for only if a header needs them.
   */
  headers(retry: RetryTime | undefined, standings: () => readonly Standing[]): readonly Header[] {
    const { rateLimit, xRateLimit, exposeHeaders } = this.#config
    const headers: Header[] = []
    if (retry !== undefined && retry.retryAfterUs < Infinity) headers.push(...this.#retryHeaders(retry))
    if (rateLimit === true) headers.push(...rateLimitHeaders(standings()))
    if (xRateLimit === 'single') headers.push(...singleHeaders(standings()))
    if (xRateLimit === 'by-unit') headers.push(...headersByUnit(standings()))
    if (exposeHeaders === true && headers.length > 0) {
      headers.push(['Access-Control-Expose-Headers', headers.map(([name]) => name).join(', ')])
    }
    return headers
  }

  #retryHeaders({ replyAtUs, retryAfterUs }: RetryTime): Header[] {
    const { retryAfter = 'seconds', retryAfterMs } = this.#config
    const headers: Header[] = []
    if (retryAfter === 'seconds') headers.push(['Retry-After', String(retryAfterSeconds(retryAfterUs))])
    if (retryAfter === 'http-date') {
      const unixS = Math.ceil((this.#startUnixMs * US_PER_MS + replyAtUs + retryAfterUs) / US_PER_S)
      headers.push(['Retry-After', new Date(unixS * 1_000).toUTCString()])
    }
    if (retryAfterMs === true) {
      headers.push(['retry-after-ms', String(Math.max(1, Math.ceil(retryAfterUs / US_PER_MS)))])
    }
    return headers
  }
}

/** `"rate";q=50;w=1` and `"rate";r=12;t=1`, one item for each limit on the request; none: no header. */
function rateLimitHeaders(standings: readonly Standing[]): Header[] {
  if (standings.length === 0) return []
  return [
    ['RateLimit-Policy', standings.map(policyItem).join(', ')],
    ['RateLimit', standings.map(limitItem).join(', ')],
  ]
}

/** Units other than those of the draft's registry go by their own names; a window of no whole seconds is left out. */
function policyItem({ name, limit, unit, windowUs }: Standing): string {
  const quotaUnit = unit === 'requests' ? '' : `;qu="${REGISTERED_UNITS[unit] ?? unit}"`
  const window = windowUs % US_PER_S === 0 ? `;w=${windowUs / US_PER_S}` : ''
  return `"${name}";q=${limit}${quotaUnit}${windowUs === 0 ? '' : window}`
}

/** `t` is the time until more of the quota is there, as draft 10 has it; nothing is to come where nothing is used. */
function limitItem({ name, remaining, moreAfterUs }: Standing): string {
  const more = moreAfterUs === Infinity ? '' : `;t=${retryAfterSeconds(moreAfterUs)}`
  return `"${name}";r=${remaining}${more}`
}

const REGISTERED_UNITS: Partial<Record<Standing['unit'], string>> = {
  bytes: 'content-bytes',
  'requests in flight': 'concurrent-requests',
}

function singleHeaders(standings: readonly Standing[]): Header[] {
  const tightest = leastRemaining(standings)
  if (tightest === undefined) return []
  const { limit, remaining, moreAfterUs } = tightest
  const resetS = moreAfterUs === Infinity ? 0 : retryAfterSeconds(moreAfterUs)
  return [
    ['x-ratelimit-limit', String(limit)],
    ['x-ratelimit-remaining', String(remaining)],
    ['x-ratelimit-reset', String(resetS)],
  ]
}

function headersByUnit(standings: readonly Standing[]): Header[] {
  const units = [...new Set(standings.map(({ unit }) => unit))].filter(isUnit)
  return units.map((unit): Header => {
    const { remaining } = leastRemaining(standings.filter((standing) => standing.unit === unit))!
    return [`x-ratelimit-remaining-${unit}`, String(remaining)]
  })
}

function isUnit(unit: Standing['unit']): unit is Unit {
  return unit !== 'requests in flight'
}

function leastRemaining(standings: readonly Standing[]): Standing | undefined {
  return standings.reduce<Standing | undefined>(
    (least, one) => (least === undefined || one.remaining < least.remaining ? one : least),
    undefined,
  )
}
