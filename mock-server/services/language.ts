import type { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { LanguageConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import type { Unit } from '../rule.ts'
import * as azure from './azure.ts'
import {
  countRecords,
  faultInDocument,
  type LanguageDocument,
  type LanguageFault,
} from './language-documents.ts'
import {
  type LanguageRequest,
  type LanguageRoute,
  matchLanguageRoute,
  parseLanguageRequest,
} from './language-requests.ts'
import { queryOf } from './query.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

/** The oracle's operation for a request to `:analyze-text` that is refused before its feature is known. */
const UNKNOWN_FEATURE = 'analyze-text'

/**
 * Azure Language: sentiment, key phrases, entities (personal information and links to them too) and language detection, on the
 * routes of Text Analytics v3.0 and v3.1 and on `:analyze-text`. Documents in which something is wrong are errors of their own
 * inside a reply of 200.
 */
export function createLanguageService(config: LanguageConfig, rng: Rng): Service {
  const requestIds = rng.fork('request-ids')
  return { read: (request, path) => read(config, request, path, drawGuid(requestIds)) }
}

function read(
  config: LanguageConfig,
  request: MockRequest,
  path: string,
  requestId: string,
): Call | Answered {
  const route = matchLanguageRoute(path)
  if (route === undefined) return invalid(UNMATCHED, azure.notFoundReply(requestId))
  const refused = gatewayRefusal(config, request, requestId)
  const operation = route.feature?.operation ?? UNKNOWN_FEATURE
  if (refused !== undefined) return invalid(operation, refused)
  const parsed = parseLanguageRequest(route, request.body, queryOf(request))
  if ('code' in parsed) return invalid(operation, badRequest(parsed, requestId))
  const batch = new Batch(parsed)
  return {
    kind: 'call',
    operation: parsed.feature.operation,
    cost: batch.costOf(request),
    succeed: (latencyUs) => batch.reply(route, requestId, latencyUs),
    refuse: (refusal) => refuse(config, route, parsed, refusal, requestId),
  }
}

function gatewayRefusal(config: LanguageConfig, request: MockRequest, requestId: string): Reply | undefined {
  if (request.method !== 'POST') return azure.methodNotAllowedReply('POST', requestId)
  if (!azure.hasKey(request, config.keys)) return azure.unauthorizedReply(requestId)
  if (request.body.length > MAX_BODY_BYTES) return azure.tooLargeReply(MAX_BODY_BYTES, requestId)
  return azure.isJson(request) ? undefined : azure.unsupportedMediaTypeReply(requestId)
}

function refuse(
  { tier }: LanguageConfig,
  { apiName }: LanguageRoute,
  { feature }: LanguageRequest,
  refusal: Refusal,
  requestId: string,
): Reply {
  const kindAndTier = `TextAnalytics ${tier}`
  return azure.refusalReply(
    { operationName: feature.name, apiName, kindAndTier, isFreeTier: tier === 'F0' },
    refusal,
    requestId,
  )
}

/** The documents of one request, the good ones and the others. */
class Batch {
  readonly #request: LanguageRequest
  readonly #documents: readonly LanguageDocument[]
  readonly #errors: readonly { readonly id: string; readonly error: LanguageFault }[]

  constructor(request: LanguageRequest) {
    const { documents, feature } = request
    this.#request = request
    const faults = documents.map((document) => faultInDocument(document, feature))
    this.#documents = documents.filter((_, index) => faults[index] === undefined)
    this.#errors = documents.flatMap(({ id }, index) => {
      const error = faults[index]
      return error === undefined ? [] : [{ id, error }]
    })
  }

  costOf(request: MockRequest): (unit: Unit) => number {
    const plain = plainCost(request)
    return (unit) => {
      if (unit === 'records') return this.#recordCount()
      return unit === 'characters' ? this.#characterCount() : plain(unit)
    }
  }

  reply({ feature }: LanguageRoute, requestId: string, latencyUs: number): Reply {
    const { kind } = this.#request.feature
    const results = this.#results()
    const body = feature === undefined ? { kind: `${kind}Results`, results } : results
    const reply = azure.successReply(200, JSON.stringify(body), requestId, latencyUs)
    const usage = `CognitiveServices.TextAnalytics.BatchScoring=${this.#recordCount()}`
    return { ...reply, headers: [['csp-billing-usage', usage], ...reply.headers] }
  }

  #results(): object {
    const { modelVersion, showsStatistics } = this.#request
    const documents = this.#documents.map((document) => this.#result(document))
    const statistics = showsStatistics ? { statistics: this.#statistics() } : {}
    return { ...statistics, documents, errors: this.#errors, modelVersion }
  }

  #result(document: LanguageDocument): object {
    const { feature, showsStatistics, isOpinionMining, piiCategories } = this.#request
    const { id, text, language } = document
    const statistics = showsStatistics ? { statistics: statisticsOf(document) } : {}
    return {
      id,
      ...statistics,
      ...feature.analyze(text, { isOpinionMining, piiCategories, language }),
      warnings: [],
    }
  }

  #statistics(): object {
    return {
      documentsCount: this.#request.documents.length,
      validDocumentsCount: this.#documents.length,
      erroneousDocumentsCount: this.#errors.length,
      transactionsCount: this.#recordCount(),
    }
  }

  #recordCount(): number {
    return this.#documents.reduce((count, document) => count + countRecords(document), 0)
  }

  #characterCount(): number {
    return this.#documents.reduce((count, { elementCount }) => count + elementCount, 0)
  }
}

function statisticsOf(document: LanguageDocument): object {
  return { charactersCount: document.elementCount, transactionsCount: countRecords(document) }
}

function badRequest(error: LanguageFault, requestId: string): Reply {
  return { ...azure.errorReply(400, error.code, error.message, requestId), body: JSON.stringify({ error }) }
}

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
