import type { MockRequest } from '../exchange.ts'

/** The query of a request; a name that is there more than once keeps all its values. */
export function queryOf({ path }: MockRequest): URLSearchParams {
  const query = path.indexOf('?')
  return new URLSearchParams(query === -1 ? '' : path.slice(query + 1))
}

/** The value of the first parameter of that name, upper and lower case being the same. @param name in lower case. */
export function parameter(query: URLSearchParams, name: string): string | undefined {
  for (const [one, value] of query) if (one.toLowerCase() === name) return value
  return undefined
}
