import type { RequestEnd, RequestSpec } from '../../engine/host.ts'
import { defaultName, type UrlSplitter } from './http-target.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** These turn the request into a GET without a body (RFC 9110 §15.4; what every browser and k6 do for POST). */
const BECOMES_GET = new Set([301, 302, 303])
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'ocp-apim-subscription-key'])
const BODY_HEADERS = new Set(['content-type', 'content-length'])

/** The request that a redirect asks for; `undefined` when the reply is none. Credentials do not follow to another origin. */
export function redirectOf(spec: RequestSpec, end: RequestEnd, urls: UrlSplitter): RequestSpec | undefined {
  if (end.kind === 'error' || !REDIRECTS.has(end.response.status)) return undefined
  const location = end.response.header('location')
  if (location === undefined || !URL.canParse(location, spec.url)) return undefined
  const { target, path, shown } = urls.split(new URL(location, spec.url).href)
  const keepsMethod = !BECOMES_GET.has(end.response.status) || spec.method === 'GET' || spec.method === 'HEAD'
  const sameOrigin = target.protocol === spec.target.protocol && target.authority === spec.target.authority
  const headers = spec.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return (sameOrigin || !SECRET_HEADERS.has(lower)) && (keepsMethod || !BODY_HEADERS.has(lower))
  })
  return {
    ...spec,
    target,
    path,
    headers,
    url: shown,
    name: spec.tags?.['name'] ?? defaultName(shown),
    method: keepsMethod ? spec.method : 'GET',
    body: keepsMethod ? spec.body : null,
  }
}
