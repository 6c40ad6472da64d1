/** The gateway in front of every Azure Cognitive Service: keys, common headers and the errors it answers itself. */
import { US_PER_S } from '../../src/core/units.ts'
import type { Refusal } from '../admission.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { type Reply, retryAfterSeconds } from './service.ts'

/** On every reply, as captured in azure-sdk-for-net#25014 and #26521. */
const COMMON_HEADERS = [
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains; preload'],
  ['x-content-type-options', 'nosniff'],
] as const

const REGION = ['x-ms-region', 'mock'] as const
const SUCCESS_TYPE = ['Content-Type', 'application/json; charset=utf-8'] as const
const ERROR_TYPE = ['Content-Type', 'application/json'] as const

/** Accepts `application/json`, `text/json` and `application/…+json`, with or without parameters. */
const JSON_MEDIA_TYPE = /^(?:application|text)\/(?:json|[^;\s]+\+json)\s*(?:;|$)/i

/** The parts of a refusal's message that differ between services. */
export interface RefusalFacts {
  /** As the service names it in messages: `Rank`. */
  readonly operationName: string
  /** With version: `Personalizer API (v1.0)`. */
  readonly apiName: string
  /** Kind and tier of the resource: `Personalizer S0`. */
  readonly kindAndTier: string
  readonly isFreeTier: boolean
}

const US_PER_DAY = 86_400 * US_PER_S

/** @param bodyBytes length of the body in UTF-8 where that is known. */
export function successReply(
  status: number,
  body: string,
  requestId: string,
  latencyUs: number,
  bodyBytes: number = Buffer.byteLength(body),
): Reply {
  const headers = [
    ['apim-request-id', requestId],
    ['x-envoy-upstream-service-time', String(Math.round(latencyUs / 1_000))],
    REGION,
    ...COMMON_HEADERS,
  ] as const
  return { status, headers: body === '' ? headers : [...headers, SUCCESS_TYPE], body, bodyBytes }
}

export function errorReply(status: number, code: string, message: string, requestId: string): Reply {
  return {
    status,
    headers: [['apim-request-id', requestId], ...COMMON_HEADERS, ERROR_TYPE],
    body: JSON.stringify({ error: { code, message } }),
  }
}

/** The status is the rule's own, else 429 for a rate, 403 for a quota and 503 for a service that has no room. */
export function refusalReply(facts: RefusalFacts, refusal: Refusal, requestId: string): Reply {
  if (refusal.kind === 'capacity') {
    return errorReply(503, 'ServiceUnavailable', 'The service is busy. Please retry later.', requestId)
  }
  const isQuota = refusal.kind === 'quota'
  const status = refusal.status ?? (isQuota ? 403 : 429)
  const message = isQuota ? quotaMessage(facts, refusal) : rateMessage(facts, refusal)
  return errorReply(status, String(status), message, requestId)
}

/** As captured in azure-sdk-for-net#25014 and #20658. */
function rateMessage(facts: RefusalFacts, { retryAfterUs }: Refusal): string {
  const { operationName, apiName, kindAndTier, isFreeTier } = facts
  const advice = isFreeTier
    ? 'To increase your rate limit switch to a paid tier.'
    : 'Please contact Azure support service if you would like to further increase the default rate limit.'
  return (
    `Requests to the ${operationName} Operation under ${apiName} have exceeded rate limit of your current ` +
    `${kindAndTier} pricing tier. ${retryAdvice(retryAfterSeconds(retryAfterUs), 'second')}${advice}`
  )
}

/** As captured in azure-sdk-for-python#25619 and #20042. */
function quotaMessage({ kindAndTier }: RefusalFacts, { retryAfterUs }: Refusal): string {
  const advice = retryAdvice(Math.ceil(retryAfterUs / US_PER_DAY), 'day')
  return (
    `Out of call volume quota for ${kindAndTier} pricing tier. ` +
    `${advice}To increase your call volume switch to a paid tier.`
  )
}

/** Nothing where waiting does not help. */
function retryAdvice(count: number, unit: string): string {
  return count === Infinity ? '' : `Please retry after ${count} ${unit}${count === 1 ? '' : 's'}. `
}

export function notFoundReply(requestId: string): Reply {
  return errorReply(404, '404', 'Resource not found', requestId)
}

/** @param allow the methods of that path, as the `Allow` header lists them. */
export function methodNotAllowedReply(allow: string, requestId: string): Reply {
  const reply = errorReply(405, '405', `Method not allowed; this path allows ${allow}`, requestId)
  return { ...reply, headers: [['Allow', allow], ...reply.headers] }
}

export function unauthorizedReply(requestId: string): Reply {
  const message =
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key ' +
    'for an active subscription and use a correct regional API endpoint for your resource.'
  return errorReply(401, '401', message, requestId)
}

export function unsupportedMediaTypeReply(requestId: string): Reply {
  return errorReply(415, '415', 'The media type is not supported; send application/json', requestId)
}

export function tooLargeReply(limitBytes: number, requestId: string): Reply {
  return errorReply(413, '413', `The request body is larger than ${limitBytes} bytes`, requestId)
}

/** What the gateway says to a call that is no `POST` of JSON with a key; `undefined`: nothing is wrong. */
export function postRefusal(
  request: MockRequest,
  keys: readonly string[],
  requestId: string,
): Reply | undefined {
  if (request.method !== 'POST') return methodNotAllowedReply('POST', requestId)
  if (!hasKey(request, keys)) return unauthorizedReply(requestId)
  if (request.body.length > MAX_BODY_BYTES) return tooLargeReply(MAX_BODY_BYTES, requestId)
  return isJson(request) ? undefined : unsupportedMediaTypeReply(requestId)
}

export function hasKey(request: MockRequest, keys: readonly string[]): boolean {
  const key = request.headers['ocp-apim-subscription-key']
  return key !== undefined && keys.includes(key)
}

export function isJson(request: MockRequest): boolean {
  return JSON_MEDIA_TYPE.test(request.headers['content-type'] ?? '')
}
