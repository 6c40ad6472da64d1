import type { RequestEnd, RequestSpec } from '../../engine/host.ts'
import { defaultName, type UrlSplitter } from './http-target.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** These turn the request into a GET without a body, HEAD into one of its own (RFC 9110 §15.4; what every browser and k6 do for POST). */
const BECOMES_GET = new Set([301, 302, 303])
/** What belongs to the origin that was asked, and does not go to another. */
const ORIGIN_HEADERS = new Set(['authorization', 'cookie', 'host', 'ocp-apim-subscription-key'])
const BODY_HEADERS = new Set(['content-type', 'content-length'])

/**
 * The request that a redirect asks for; `undefined` when the reply is none, or leads nowhere that speaks HTTP.
 * Credentials do not follow to another origin.
 */
export function redirectOf(spec: RequestSpec, end: RequestEnd, urls: UrlSplitter): RequestSpec | undefined {
  if (end.kind === 'error' || !REDIRECTS.has(end.response.status)) return undefined
  const location = end.response.header('location')
  if (location === undefined || !URL.canParse(location, spec.url)) return undefined
  const split = urls.trySplit(new URL(location, spec.url).href)
  if (split === undefined) return undefined
  const { target, path, shown } = split
  const keepsBody = !BECOMES_GET.has(end.response.status)
  const keepsMethod = keepsBody || spec.method === 'HEAD'
  const sameOrigin = target.protocol === spec.target.protocol && target.authority === spec.target.authority
  const headers = spec.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return (sameOrigin || !ORIGIN_HEADERS.has(lower)) && (keepsBody || !BODY_HEADERS.has(lower))
  })
  return {
    ...spec,
    target,
    path,
    headers,
    url: shown,
    name: spec.tags?.['name'] ?? defaultName(shown),
    method: keepsMethod ? spec.method : 'GET',
    body: keepsBody ? spec.body : null,
  }
}
