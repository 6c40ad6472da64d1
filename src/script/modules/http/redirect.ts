import type { RequestEnd, RequestSpec } from '../../../engine/host.ts'
import { headerValue } from './headers.ts'
import { basicAuthorization, defaultName, isSameOrigin, urls } from './target.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** These turn the request into a GET without a body, HEAD into one of its own (RFC 9110 §15.4; what every browser and k6 do for POST). */
const BECOMES_GET = new Set([301, 302, 303])
/** What belongs to the origin that was asked, and does not go to another. */
const ORIGIN_HEADERS = new Set(['authorization', 'host', 'ocp-apim-subscription-key'])
/** They are another request's. */
const RENEWED_HEADERS = new Set(['cookie', 'referer'])
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding'])

type Reply = Extract<RequestEnd, { kind: 'response' }>

export function isRedirect(end: RequestEnd): end is Reply {
  return end.kind === 'response' && REDIRECTS.has(end.response.status)
}

/**
 * The request that a redirect asks for; `undefined` when it leads nowhere that speaks HTTP. Credentials do not follow
 * to another origin; cookies are the caller's to add.
 *
 * @param first the request that the script asked for
 */
export function redirectOf(
  spec: RequestSpec,
  first: RequestSpec,
  { response }: Reply,
): RequestSpec | undefined {
  const location = response.header('location')
  if (location === undefined || !URL.canParse(location, spec.url)) return undefined
  const split = urls.trySplit(new URL(location, spec.url).href)
  if (split === undefined) return undefined
  const { target, path, shown, credentials } = split
  const keepsBody = !BECOMES_GET.has(response.status)
  const keepsMethod = keepsBody || spec.method === 'HEAD'
  const sameOrigin = isSameOrigin(target, spec.target)
  const headers = spec.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    if (RENEWED_HEADERS.has(lower)) return false
    return (sameOrigin || !ORIGIN_HEADERS.has(lower)) && (keepsBody || !BODY_HEADERS.has(lower))
  })
  const referer = refererOf(spec.url, target.protocol, headerValue(first.headers, 'referer'))
  if (referer !== undefined) headers.push(['Referer', referer])
  if (credentials !== undefined) headers.push(['Authorization', basicAuthorization(credentials)])
  return {
    ...spec,
    target,
    path,
    headers,
    url: shown,
    name: spec.isNamed === true ? spec.name : defaultName(shown),
    method: keepsMethod ? spec.method : 'GET',
    body: keepsBody ? spec.body : null,
  }
}

/** Where the redirect came from, unless the script said something else, and never where that was secret. */
function refererOf(from: string, protocol: string, given: string | undefined): string | undefined {
  return from.startsWith('https:') && protocol === 'http:' ? undefined : (given ?? from)
}
