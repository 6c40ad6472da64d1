/** What a prediction asks for: azure-rest-api-specs LUIS/Runtime v3.0 and azure-docs LUIS/luis-limits.md. */
import type { MockRequest } from '../exchange.ts'
import { isAbsent, isObject, parseJson } from './json-body.ts'

const MAX_QUERY_CHARS = 500

export interface PredictRequest {
  readonly query: string
  /** Whether entities say where they were found. */
  readonly isVerbose: boolean
  readonly showsAllIntents: boolean
}

export interface PredictFault {
  readonly status: 400 | 414
  readonly message: string
}

/** Reads a prediction, out of the query (GET) or the body (POST). @returns the request, or what is wrong with it. */
export function parsePredictRequest(
  request: MockRequest,
  parameters: URLSearchParams,
): PredictRequest | PredictFault {
  const query = request.method === 'GET' ? parameters.get('query') : queryInBody(request.body)
  if (typeof query === 'object') return query ?? badArgument('The query parameter is missing.')
  if (query.trim() === '') return badArgument('The query is empty.')
  if (query.length > MAX_QUERY_CHARS) {
    return { status: 414, message: `The query is longer than ${MAX_QUERY_CHARS} characters.` }
  }
  const flags = ['verbose', 'show-all-intents', 'log'].map((name) => flagOf(parameters, name))
  if (flags.includes(undefined))
    return badArgument('verbose, show-all-intents and log must be true or false.')
  const [isVerbose = false, showsAllIntents = false] = flags
  return { query, isVerbose, showsAllIntents }
}

function queryInBody(body: Uint8Array): string | PredictFault {
  const json = parseJson(body)
  if (!isObject(json)) return badArgument('The body must be a JSON object.')
  const { query, options, externalEntities, dynamicLists } = json as Readonly<Record<string, unknown>> &
    Members
  if (typeof query !== 'string') return badArgument('The body must have a string "query".')
  if (!isAbsent(options) && !isObject(options)) return badArgument('options must be an object.')
  const isListed = [externalEntities, dynamicLists].every((list) => isAbsent(list) || Array.isArray(list))
  return isListed ? query : badArgument('externalEntities and dynamicLists must be arrays.')
}

interface Members {
  readonly query?: unknown
  readonly options?: unknown
  readonly externalEntities?: unknown
  readonly dynamicLists?: unknown
}

/** @returns `undefined` when it is neither true nor false. */
function flagOf(parameters: URLSearchParams, name: string): boolean | undefined {
  const text = (parameters.get(name) ?? 'false').toLowerCase()
  return text === 'true' || (text === 'false' ? false : undefined)
}

function badArgument(message: string): PredictFault {
  return { status: 400, message }
}
