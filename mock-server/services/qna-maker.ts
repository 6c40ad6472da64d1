import type { Refusal } from '../admission.ts'
import type { QnaMakerConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { type Answer, NO_ANSWER } from './answers.ts'
import { isJson } from './azure.ts'
import { faultInTrain, parseGenerateAnswer } from './qna-maker-requests.ts'
import {
  type Answered,
  type Call,
  plainCost,
  type Reply,
  type Service,
  statusOfRefusal,
  UNMATCHED,
} from './service.ts'

type Operation = 'generate-answer' | 'train'

const PATH = /^\/qnamaker\/knowledgebases\/([^/]+)\/(generateAnswer|train)$/i
const KNOWLEDGE_BASE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const ENDPOINT_KEY = /^EndpointKey +(\S+)$/i

/** Of azure-rest-api-specs QnAMaker/stable/v4.0 those that the runtime has a use for. */
type ErrorCode =
  | 'BadArgument'
  | 'Forbidden'
  | 'KbNotFound'
  | 'NotFound'
  | 'OperationNotFound'
  | 'QuotaExceeded'
  | 'ServiceError'
  | 'Unauthorized'

/**
 * QnA Maker v4 runtime: an app of the user's own in App Service, in front of a Search service of the user's own. What it
 * stands is a matter of their size and not of counters. Any GUID is the id of a knowledge base.
 */
export function createQnaMakerService(config: QnaMakerConfig): Service {
  return { read: (request, path) => read(config, request, path) }
}

function read(config: QnaMakerConfig, request: MockRequest, path: string): Call | Answered {
  const [, knowledgeBaseId = '', word = ''] = PATH.exec(path) ?? []
  if (word === '') return invalid(UNMATCHED, errorReply(404, 'NotFound', 'Resource not found.'))
  const operation = word.toLowerCase() === 'train' ? 'train' : 'generate-answer'
  const refused = refusalBeforeReading(config, request, knowledgeBaseId)
  if (refused !== undefined) return invalid(operation, refused)
  return operation === 'train' ? readTrain(request) : readGenerateAnswer(request)
}

function refusalBeforeReading(
  config: QnaMakerConfig,
  request: MockRequest,
  knowledgeBaseId: string,
): Reply | undefined {
  if (request.method !== 'POST') return methodNotAllowed()
  const [, key = ''] = ENDPOINT_KEY.exec(request.headers['authorization'] ?? '') ?? []
  if (!config.keys.includes(key)) {
    return errorReply(
      401,
      'Unauthorized',
      'The endpoint key is missing or wrong: send Authorization: EndpointKey KEY.',
    )
  }
  if (request.body.length > MAX_BODY_BYTES) {
    return errorReply(413, 'BadArgument', `The request body is larger than ${MAX_BODY_BYTES} bytes.`)
  }
  if (!isJson(request)) return errorReply(415, 'BadArgument', 'The media type must be application/json.')
  if (!KNOWLEDGE_BASE_ID.test(knowledgeBaseId))
    return errorReply(404, 'KbNotFound', 'There is no such knowledge base.')
  return undefined
}

function readGenerateAnswer(request: MockRequest): Call | Answered {
  const answers = parseGenerateAnswer(request.body)
  if (typeof answers === 'string') return invalid('generate-answer', errorReply(400, 'BadArgument', answers))
  const found = answers.length === 0 ? [NO_ANSWER] : answers
  return call(request, 'generate-answer', () => jsonReply(200, { answers: found.map(describe) }))
}

function readTrain(request: MockRequest): Call | Answered {
  const fault = faultInTrain(request.body)
  if (fault !== undefined) return invalid('train', errorReply(400, 'BadArgument', fault))
  return call(request, 'train', () => ({ status: 204, headers: [], body: '' }))
}

/** The score is the confidence in percent. */
function describe({ questions, answer, confidenceRatio, id, source }: Answer): object {
  const score = Number((confidenceRatio * 100).toFixed(2))
  return {
    questions,
    answer,
    score,
    id,
    source,
    metadata: [],
    context: { isContextOnly: false, prompts: [] },
  }
}

function call(request: MockRequest, operation: Operation, succeed: Call['succeed']): Call {
  return { kind: 'call', operation, cost: plainCost(request), succeed, refuse }
}

/** As it saturates, App Service answers 503. */
function refuse(refusal: Refusal): Reply {
  const { kind } = refusal
  const status = statusOfRefusal(refusal)
  if (status === 503) return errorReply(503, 'ServiceError', 'The service is busy. Please retry later.')
  if (status === 403)
    return errorReply(403, kind === 'quota' ? 'QuotaExceeded' : 'Forbidden', 'The quota is used up.')
  return errorReply(429, 'QuotaExceeded', 'Too many requests. Please retry later.')
}

function methodNotAllowed(): Reply {
  const reply = errorReply(405, 'OperationNotFound', 'This path allows POST.')
  return { ...reply, headers: [['Allow', 'POST'], ...reply.headers] }
}

function errorReply(status: number, code: ErrorCode, message: string): Reply {
  return jsonReply(status, { error: { code, message } })
}

function jsonReply(status: number, body: object): Reply {
  return {
    status,
    headers: [['Content-Type', 'application/json; charset=utf-8']],
    body: JSON.stringify(body),
  }
}

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
