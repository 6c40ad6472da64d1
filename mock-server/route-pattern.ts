/** Which requests something applies to, as in the rules of Azure resources: a method and a glob over the path. */
export interface RoutePattern {
  /** Upper case; `*`: any. */
  readonly method: string
  /** `*` stands for any characters, slashes included; without a leading slash it means the same as with one. */
  readonly path: string
}

/** @param path without the resource's prefix and without the query. */
export type RouteMatcher = (method: string, path: string) => boolean

const METHOD_AND_PATH = /^(?:(\*|[A-Za-z]+)[ :])?(\S+)$/

/** Reads `POST /vision/*`, `POST:/vision/*` or a path for any method. @returns `undefined` for anything else. */
export function parseRoutePattern(text: string): RoutePattern | undefined {
  const match = METHOD_AND_PATH.exec(text.trim())
  if (match === null) return undefined
  const [, method = '*', path = ''] = match
  return { method: method.toUpperCase(), path }
}

/** Whether one of the patterns fits. Paths are compared without regard to case, as Azure's gateway is taken to do. */
export function compileRoutes(patterns: readonly RoutePattern[]): RouteMatcher {
  const routes = patterns.map(({ method, path }) => ({ method, path: compileGlob(path) }))
  return (method, path) =>
    routes.some((route) => (route.method === '*' || route.method === method) && route.path.test(path))
}

function compileGlob(glob: string): RegExp {
  const literals = glob.replace(/^\//, '').split(/\*+/).map(escapeRegExp)
  return new RegExp(`^/${literals.join('.*')}$`, 'is')
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
