import { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { QuestionAnsweringConfig } from '../config.ts'
import type { MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import { type Answer, NO_ANSWER } from './answers.ts'
import * as azure from './azure.ts'
import { queryOf } from './query.ts'
import {
  type KnowledgeBaseQuery,
  parseKnowledgeBaseQuery,
  parseTextQuery,
  type TextQuery,
  type TextRecord,
} from './question-answering-requests.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

/** The colon is part of the path. */
const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/language/:query-knowledgebases', { operation: 'query-knowledgebases', name: 'QueryKnowledgebases' }],
  ['/language/:query-text', { operation: 'query-text', name: 'QueryText' }],
])

interface Route {
  readonly operation: 'query-knowledgebases' | 'query-text'
  /** As messages name it. */
  readonly name: string
}

const API_VERSION = /^\d{4}-\d{2}-\d{2}(?:-preview)?$/

/** A text record as they are charged: azure-docs language-service/concepts/data-limits.md. */
const CHARACTERS_PER_RECORD = 1_000
const MAX_TEXT_ANSWERS = 3
const SENTENCE = /[^.!?]+[.!?]*/g

/** Custom question answering, the runtime: questions to a knowledge base, and to texts that come with the question. */
export function createQuestionAnsweringService(config: QuestionAnsweringConfig, rng: Rng): Service {
  const requestIds = rng.fork('request-ids')
  return { read: (request, path) => read(config, request, path, drawGuid(requestIds)) }
}

function read(
  config: QuestionAnsweringConfig,
  request: MockRequest,
  path: string,
  requestId: string,
): Call | Answered {
  const route = ROUTES.get(path)
  if (route === undefined) return invalid(UNMATCHED, azure.notFoundReply(requestId))
  const refused = azure.postRefusal(request, config.keys, requestId)
  if (refused !== undefined) return invalid(route.operation, refused)
  const parsed = parse(request, route)
  if (typeof parsed === 'string') {
    return invalid(route.operation, azure.errorReply(400, 'InvalidArgument', parsed, requestId))
  }
  return {
    kind: 'call',
    operation: route.operation,
    cost: costOf(request, parsed),
    succeed: (latencyUs) =>
      azure.successReply(200, JSON.stringify({ answers: answersOf(parsed) }), requestId, latencyUs),
    refuse: (refusal) => refuse(config, route, refusal, requestId),
  }
}

function parse(request: MockRequest, { operation }: Route): KnowledgeBaseQuery | TextQuery | string {
  const query = queryOf(request)
  if (!API_VERSION.test(query.get('api-version') ?? '')) return 'api-version is missing or invalid.'
  if (operation === 'query-text') return parseTextQuery(request.body)
  const missing = ['projectName', 'deploymentName'].find((name) => (query.get(name) ?? '') === '')
  return missing === undefined ? parseKnowledgeBaseQuery(request.body) : `${missing} is missing.`
}

function costOf(request: MockRequest, parsed: KnowledgeBaseQuery | TextQuery): Call['cost'] {
  const plain = plainCost(request)
  return (unit) => (unit === 'records' && 'records' in parsed ? recordCount(parsed.records) : plain(unit))
}

function recordCount(records: readonly TextRecord[]): number {
  return records.reduce((sum, { text }) => sum + Math.ceil(text.length / CHARACTERS_PER_RECORD), 0)
}

function answersOf(parsed: KnowledgeBaseQuery | TextQuery): object[] {
  if ('records' in parsed) return parsed.records.map(answerInText).slice(0, MAX_TEXT_ANSWERS)
  const answers = parsed.answers.length === 0 ? [NO_ANSWER] : parsed.answers
  return answers.map((answer, rank) => describe(answer, rank < parsed.spanCount))
}

function describe({ questions, answer, confidenceRatio, id, source }: Answer, hasSpan: boolean): object {
  return {
    questions,
    answer,
    confidenceScore: confidenceRatio,
    id,
    source,
    metadata: {},
    dialog: { isContextOnly: false, prompts: [] },
    ...(hasSpan && { answerSpan: spanOf(answer, confidenceRatio) }),
  }
}

/** Its first two words. */
function spanOf(answer: string, confidenceScore: number): object {
  const text = answer.split(' ', 2).join(' ')
  return { text, confidenceScore, offset: 0, length: text.length }
}

/** One of its sentences, drawn by the text. */
function answerInText({ id, text }: TextRecord): object {
  const rng = new Rng(text)
  const sentences = [...text.matchAll(SENTENCE)]
  const { 0: answer = text, index: offset = 0 } = sentences[rng.int(sentences.length)] ?? {}
  const confidenceScore = 0.5 + rng.int(5_000) / 10_000
  return {
    answer,
    confidenceScore,
    id,
    answerSpan: spanOf(answer, confidenceScore),
    offset,
    length: answer.length,
  }
}

function refuse(
  config: QuestionAnsweringConfig,
  { name }: Route,
  refusal: Refusal,
  requestId: string,
): Reply {
  const facts = {
    operationName: name,
    apiName: 'Question Answering API (2021-10-01)',
    kindAndTier: `TextAnalytics ${config.tier}`,
    isFreeTier: config.tier === 'F0',
  }
  return azure.refusalReply(facts, refusal, requestId)
}

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
