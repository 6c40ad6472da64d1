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
import { parseTranslateRequest, type TranslateRequest } from './translator-requests.ts'

const OPERATION = 'translate'

/** Who translated: the general system, or one of the client's own. */
type System = 'Team' | 'Custom'

/** On the global host, and on that of a resource. */
const TRANSLATE_PATH = /^(?:\/translator\/text\/v3\.0)?\/translate$/

/** How long a custom system takes to load, and how many are kept loaded: both assumed. */
const LOADING_US = 60_000_000
const MAX_SYSTEMS = 100

/**
 * Translator v3: `translate`, and the tokens that it takes beside keys. It is charged in characters, those of the texts once
 * for each target language. Shapes: azure-docs Translator/reference/v3-0-reference.md and v3-0-translate.md.
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
    if (!TRANSLATE_PATH.test(path)) return invalid(translatorError(404000, requestId), UNMATCHED)
    if (request.method !== 'POST') return invalid(methodNotAllowed(requestId))
    const refused = this.#refusalBeforeReading(request, query, nowUs)
    if (refused !== undefined) return invalid(translatorError(refused, requestId))
    const translation = parseTranslateRequest(query, request.body)
    if (typeof translation === 'number') return invalid(translatorError(translation, requestId))
    const system = this.#systemFor(translation, nowUs)
    if (system === undefined) return invalid(translatorError(408001, requestId))
    return call(request, translation, system, requestId)
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
    return azure.isJson(request) ? undefined : 415000
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

function call(request: MockRequest, translation: TranslateRequest, system: System, requestId: string): Call {
  const plain = plainCost(request)
  return {
    kind: 'call',
    operation: OPERATION,
    cost: (unit) => (unit === 'characters' ? translation.characterCount : plain(unit)),
    succeed: (latencyUs) => success(translation, system, requestId, latencyUs),
    fail: (status) => translatorError(status === 503 ? 503000 : 500000, requestId, status),
    refuse: (refusal) => refuse(refusal, requestId),
  }
}

function success(translation: TranslateRequest, system: System, requestId: string, latencyUs: number): Reply {
  const reply = azure.successReply(200, JSON.stringify(translate(translation)), requestId, latencyUs)
  const headers = [
    ['X-RequestId', requestId],
    ['X-mt-system', system],
    ['X-metered-usage', String(translation.characterCount)],
  ] as const
  return { ...reply, headers: [...headers, ...reply.headers] }
}

/** Which of the codes of a status stands for which limit is not published. */
function refuse(refusal: Refusal, requestId: string): Reply {
  const { kind } = refusal
  const status = statusOfRefusal(refusal)
  if (status === 503) return translatorError(503000, requestId)
  if (status === 403) return translatorError(kind === 'quota' ? 403001 : 403000, requestId)
  return translatorError(kind === 'rate' ? 429001 : 429000, requestId)
}

function methodNotAllowed(requestId: string): Reply {
  const reply = translatorError(405000, requestId)
  return { ...reply, headers: [['Allow', 'POST'], ...reply.headers] }
}

function invalid(reply: Reply, operation: string = OPERATION): Answered {
  return { kind: 'invalid', operation, reply }
}
