import type { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { TranslatorConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import * as azure from './azure.ts'
import { bearerOf, Credentials, isTokenPath, keyOf } from './credentials.ts'
import { parameter, queryOf } from './query.ts'
import {
  type Answered,
  type Call,
  plainCost,
  type Reply,
  type Service,
  statusOfRefusal,
  UNMATCHED,
} from './service.ts'
import { translate } from './translation.ts'
import { translatorError, type TranslatorErrorCode } from './translator-errors.ts'
import { listLanguages, parseScopes } from './translator-languages.ts'
import { TEXT_OPERATIONS, type TextOperation, type TextWork } from './translator-operations.ts'
import { parseTranslateRequest, type TranslateRequest } from './translator-requests.ts'

type Operation = 'translate' | 'languages' | TextOperation

/** Who translated: the general system, or one of the client's own. */
type System = 'Team' | 'Custom'

/** Before every path on the host of a resource; on the global host there is nothing before it. */
const PREFIX = '/translator/text/v3.0'
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['/translate', 'translate'],
  ['/languages', 'languages'],
  ['/detect', 'detect'],
  ['/breaksentence', 'break-sentence'],
  ['/transliterate', 'transliterate'],
  ['/dictionary/lookup', 'dictionary-lookup'],
  ['/dictionary/examples', 'dictionary-examples'],
])
const API_VERSION = '3.0'

/** How long a custom system takes to load, and how many are kept loaded: both assumed. */
const LOADING_US = 60_000_000
const MAX_SYSTEMS = 100

/**
 * Translator v3 with all its operations, and the tokens that it takes beside keys. It is charged in characters, those of the texts
 * once for each target language. Shapes: azure-docs Translator/reference/v3-0-reference.md and those of the operations.
 */
export function createTranslatorService(config: TranslatorConfig, rng: Rng): Service {
  return new Translator(config, rng)
}

class Translator implements Service {
  readonly #config: TranslatorConfig
  readonly #credentials: Credentials
  readonly #requestIds: Rng
  /** When the custom systems are loaded that have been asked for, by category. */
  readonly #systemsReadyUs = new Map<string, number>()

  constructor(config: TranslatorConfig, rng: Rng) {
    this.#config = config
    this.#credentials = new Credentials(config.keys, 'translator', rng)
    this.#requestIds = rng.fork('request-ids')
  }

  read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const requestId = drawGuid(this.#requestIds)
    const query = queryOf(request)
    if (isTokenPath(path)) return this.#credentials.answerTokenRequest(request, query, nowUs, requestId)
    const operation = OPERATIONS.get(path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path)
    if (operation === undefined) return invalid(UNMATCHED, translatorError(404000, requestId))
    const method = operation === 'languages' ? 'GET' : 'POST'
    if (request.method !== method) return invalid(operation, methodNotAllowed(method, requestId))
    if (operation === 'languages') return answerLanguages(query, requestId)
    const refused = this.#refusalBeforeReading(request, query, nowUs)
    if (refused !== undefined) return invalid(operation, translatorError(refused, requestId))
    return operation === 'translate'
      ? this.#translate(request, query, nowUs, requestId)
      : workOnTexts(operation, request, query, requestId)
  }

  #translate(
    request: MockRequest,
    query: URLSearchParams,
    nowUs: number,
    requestId: string,
  ): Call | Answered {
    const translation = parseTranslateRequest(query, request.body)
    if (typeof translation === 'number') return invalid('translate', translatorError(translation, requestId))
    const system = this.#systemFor(translation, nowUs)
    if (system === undefined) return invalid('translate', translatorError(408001, requestId))
    const { characterCount } = translation
    const headers = [
      ['X-mt-system', system],
      ['X-metered-usage', String(characterCount)],
    ] as const
    return call(request, requestId, {
      operation: 'translate',
      characterCount,
      answer: () => translate(translation),
      headers,
    })
  }

  #refusalBeforeReading(
    request: MockRequest,
    query: URLSearchParams,
    nowUs: number,
  ): TranslatorErrorCode | undefined {
    if (bearerOf(request)?.startsWith('speech.') === true) return 401015
    if (this.#credentials.accessOf(request, query, nowUs) !== 'granted') return 401000
    if (!this.#isRegion(request, query)) return 401000
    if (request.body.length > MAX_BODY_BYTES) return 400077
    if (!azure.isJson(request)) return 415000
    return query.get('api-version') === API_VERSION ? undefined : 400021
  }

  /** A token says by itself which resource it is for. */
  #isRegion(request: MockRequest, query: URLSearchParams): boolean {
    const { region } = this.#config
    if (region === undefined || keyOf(request, query) === undefined) return true
    const named = request.headers['ocp-apim-subscription-region'] ?? parameter(query, 'subscription-region')
    return named?.toLowerCase() === region
  }

  /**
   * The first request for a custom system has it loaded; until then the general one answers, where that is allowed.
   *
   * @returns `undefined` where it is not.
   */
  #systemFor({ customCategory, allowsFallback }: TranslateRequest, nowUs: number): System | undefined {
    if (customCategory === undefined) return 'Team'
    const readyUs = this.#systemsReadyUs.get(customCategory) ?? this.#load(customCategory, nowUs)
    if (nowUs >= readyUs) return 'Custom'
    return allowsFallback ? 'Team' : undefined
  }

  #load(category: string, nowUs: number): number {
    if (this.#systemsReadyUs.size >= MAX_SYSTEMS) {
      const [oldest = ''] = this.#systemsReadyUs.keys()
      this.#systemsReadyUs.delete(oldest)
    }
    this.#systemsReadyUs.set(category, nowUs + LOADING_US)
    return nowUs + LOADING_US
  }
}

/** What a valid request leads to. */
interface Work extends TextWork {
  readonly operation: Operation
  /** Beside those of every reply. */
  readonly headers?: Reply['headers']
}

function workOnTexts(
  operation: TextOperation,
  request: MockRequest,
  query: URLSearchParams,
  requestId: string,
): Call | Answered {
  const work = TEXT_OPERATIONS[operation](query, request.body)
  if (typeof work === 'number') return invalid(operation, translatorError(work, requestId))
  return call(request, requestId, { operation, ...work })
}

function call(
  request: MockRequest,
  requestId: string,
  { operation, characterCount, answer, headers = [] }: Work,
): Call {
  const plain = plainCost(request)
  return {
    kind: 'call',
    operation,
    cost: (unit) => (unit === 'characters' ? characterCount : plain(unit)),
    succeed: (latencyUs) => {
      const reply = azure.successReply(200, JSON.stringify(answer()), requestId, latencyUs)
      return { ...reply, headers: [['X-RequestId', requestId], ...headers, ...reply.headers] }
    },
    fail: (status) => translatorError(FAILURES.get(status) ?? 500000, requestId, status),
    refuse: (refusal) => refuse(refusal, requestId),
  }
}

const FAILURES: ReadonlyMap<number, TranslatorErrorCode> = new Map([
  [408, 408002],
  [413, 400077],
  [503, 503000],
])

/** Needs no key and is charged nothing. */
function answerLanguages(query: URLSearchParams, requestId: string): Answered {
  if (query.get('api-version') !== API_VERSION)
    return invalid('languages', translatorError(400021, requestId))
  const scopes = parseScopes(query.get('scope'))
  if (scopes === undefined) return invalid('languages', translatorError(400001, requestId))
  const headers = [
    ['X-RequestId', requestId],
    ['Content-Type', 'application/json; charset=utf-8'],
  ] as const
  const reply = { status: 200, headers, body: JSON.stringify(listLanguages(scopes)) }
  return { kind: 'managed', operation: 'languages', reply }
}

/** Which of the codes of a status stands for which limit is not published. */
function refuse(refusal: Refusal, requestId: string): Reply {
  const { kind } = refusal
  const status = statusOfRefusal(refusal)
  if (status === 503) return translatorError(503000, requestId)
  if (status === 403) return translatorError(kind === 'quota' ? 403001 : 403000, requestId)
  if (kind === 'quota') return translatorError(429002, requestId)
  return translatorError(kind === 'rate' ? 429001 : 429000, requestId)
}

function methodNotAllowed(allow: string, requestId: string): Reply {
  const reply = translatorError(405000, requestId)
  return { ...reply, headers: [['Allow', allow], ...reply.headers] }
}

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
