import type { MockRequest } from '../../exchange.ts'
import { queryOf } from '../query.ts'

export type Operation =
  | 'rank'
  | 'reward'
  | 'activate'
  | 'multislot-rank'
  | 'multislot-reward'
  | 'multislot-activate'
  | 'get-configuration'
  | 'put-configuration'
  | 'get-policy'
  | 'put-policy'
  | 'reset-policy'
  | 'apply-evaluation'
  | 'get-model'
  | 'get-model-properties'
  | 'reset-model'
  | 'list-evaluations'
  | 'create-evaluation'
  | 'get-evaluation'
  | 'delete-evaluation'
  | 'get-log-properties'
  | 'delete-logs'

/** The methods of one path below the version. */
interface Endpoint {
  readonly path: RegExp
  /** API v1.0 does not have it. */
  readonly isPreviewOnly?: true
  readonly operations: Readonly<Record<string, Operation>>
}

export interface Route {
  /** As in the path, or in the query where the path has none. */
  readonly version: string
  readonly isPreview: boolean
  /** The event's or evaluation's id as in the path, still percent-encoded; `''` where the path has none. */
  readonly idText: string
  /** By method. */
  readonly operations: Readonly<Record<string, Operation>>
}

/** azure-rest-api-specs, Personalizer v1.0 and v1.1-preview.1. */
const ENDPOINTS: readonly Endpoint[] = [
  { path: /^rank$/, operations: { POST: 'rank' } },
  { path: /^events\/([^/]+)\/reward$/, operations: { POST: 'reward' } },
  { path: /^events\/([^/]+)\/activate$/, operations: { POST: 'activate' } },
  { path: /^multislot\/rank$/, isPreviewOnly: true, operations: { POST: 'multislot-rank' } },
  {
    path: /^multislot\/events\/([^/]+)\/reward$/,
    isPreviewOnly: true,
    operations: { POST: 'multislot-reward' },
  },
  {
    path: /^multislot\/events\/([^/]+)\/activate$/,
    isPreviewOnly: true,
    operations: { POST: 'multislot-activate' },
  },
  { path: /^configurations\/service$/, operations: { GET: 'get-configuration', PUT: 'put-configuration' } },
  {
    path: /^configurations\/policy$/,
    operations: { GET: 'get-policy', PUT: 'put-policy', DELETE: 'reset-policy' },
  },
  {
    path: /^configurations\/applyFromEvaluation$/,
    isPreviewOnly: true,
    operations: { POST: 'apply-evaluation' },
  },
  { path: /^model$/, operations: { GET: 'get-model', DELETE: 'reset-model' } },
  { path: /^model\/properties$/, operations: { GET: 'get-model-properties' } },
  { path: /^evaluations$/, operations: { GET: 'list-evaluations', POST: 'create-evaluation' } },
  { path: /^evaluations\/([^/]+)$/, operations: { GET: 'get-evaluation', DELETE: 'delete-evaluation' } },
  { path: /^logs$/, operations: { DELETE: 'delete-logs' } },
  { path: /^logs\/properties$/, operations: { GET: 'get-log-properties' } },
]

const BASE = /^\/personalizer\/(?:(v1\.0|v1\.1-preview\.[1-3])\/)?(.+)$/

/** Has no version in its path but in the query; that it does is assumed. */
const QUERY_VERSION = '2022-09-01-preview'

/** Routes without ids and with the version in their path: a few dozen, and among them the busiest. */
const fixedRoutes = new Map<string, Route>()

/** @param path without the query. @returns `undefined` for a path that the API does not have. */
export function matchRoute(request: MockRequest, path: string): Route | undefined {
  const known = fixedRoutes.get(path)
  if (known !== undefined) return known
  const [, pathVersion, rest = ''] = BASE.exec(path) ?? []
  const version = pathVersion ?? queryVersion(request)
  const route = version === undefined ? undefined : findRoute(version, rest)
  if (route?.idText === '' && pathVersion !== undefined) fixedRoutes.set(path, route)
  return route
}

/** @param rest of the path, below the version. */
function findRoute(version: string, rest: string): Route | undefined {
  const isPreview = version !== 'v1.0'
  for (const { path: pattern, isPreviewOnly, operations } of ENDPOINTS) {
    const match = pattern.exec(rest)
    if (match === null || (isPreviewOnly === true && !isPreview)) continue
    return { version, isPreview, idText: match[1] ?? '', operations }
  }
  return undefined
}

function queryVersion(request: MockRequest): string | undefined {
  const version = queryOf(request).get('api-version')
  return version === QUERY_VERSION ? version : undefined
}
