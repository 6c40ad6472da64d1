import type { Rng } from '../../src/core/rng.ts'
import type { SpeechConfig } from '../config.ts'
import { MAX_AUDIO_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import { type Audio, readAudio } from './audio.ts'
import * as azure from './azure.ts'
import { Credentials, isTokenPath } from './credentials.ts'
import { queryOf } from './query.ts'
import { type Format, recognize } from './recognition.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

const OPERATION = 'recognize'
const PATH = /^\/speech\/recognition\/(?:conversation|interactive|dictation)\/cognitiveservices\/v1$/

const MAX_AUDIO_US = 60_000_000
const MEDIA_TYPE = /^audio\/(?:wav|ogg)\s*(?:;|$)/i
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})+$/i

/**
 * Speech to text for short audio, with the tokens that it takes beside keys. What is wrong with the audio decides the
 * status, as `readAudio` hears it; the words are made up. Shapes: azure-docs Speech-Service/rest-speech-to-text-short.md,
 * the bodies of its errors assumed to be those of Azure's gateway.
 */
export function createSpeechService(config: SpeechConfig, rng: Rng): Service {
  return new Speech(config, rng)
}

class Speech implements Service {
  readonly #config: SpeechConfig
  readonly #credentials: Credentials
  readonly #requestIds: Rng

  constructor(config: SpeechConfig, rng: Rng) {
    this.#config = config
    this.#credentials = new Credentials(config.keys, 'speech', rng)
    this.#requestIds = rng.fork('request-ids')
  }

  read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const requestId = drawGuid(this.#requestIds)
    const query = queryOf(request)
    if (isTokenPath(path)) return this.#credentials.answerTokenRequest(request, query, nowUs, requestId)
    if (!PATH.test(path)) return invalid(azure.notFoundReply(requestId), UNMATCHED)
    const refused = this.#refusalBeforeReading(request, query, nowUs, requestId)
    if (refused !== undefined) return invalid(refused)
    const audio = readAudio(request.body)
    const fault = faultInQuery(query) ?? faultInAudio(audio)
    if (audio === undefined || fault !== undefined) return badRequest(fault ?? '', requestId)
    return this.#call(request, audio, query.get('format') === 'detailed' ? 'detailed' : 'simple', requestId)
  }

  #refusalBeforeReading(
    request: MockRequest,
    query: URLSearchParams,
    nowUs: number,
    requestId: string,
  ): Reply | undefined {
    if (request.method !== 'POST') return azure.methodNotAllowedReply('POST', requestId)
    const access = this.#credentials.accessOf(request, query, nowUs)
    if (access === 'missing')
      return azure.errorReply(403, '403', 'A subscription key or token is missing', requestId)
    if (access === 'wrong') return azure.unauthorizedReply(requestId)
    if (request.body.length > MAX_AUDIO_BYTES) return azure.tooLargeReply(MAX_AUDIO_BYTES, requestId)
    if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) {
      return azure.errorReply(
        415,
        '415',
        'The media type is not supported; send audio/wav or audio/ogg',
        requestId,
      )
    }
    return undefined
  }

  #call(request: MockRequest, audio: Audio, format: Format, requestId: string): Call {
    const { realTimeFactor = 0, tier } = this.#config
    const facts = {
      operationName: 'Recognize',
      apiName: 'Speech to Text API (v1.0)',
      kindAndTier: `SpeechServices ${tier}`,
      isFreeTier: tier === 'F0',
    }
    return {
      kind: 'call',
      operation: OPERATION,
      cost: plainCost(request),
      workUs: (drawnUs) => drawnUs + Math.round(audio.durationUs * realTimeFactor),
      succeed: (latencyUs) =>
        azure.successReply(200, JSON.stringify(recognize(audio, format)), requestId, latencyUs),
      refuse: (refusal) => azure.refusalReply(facts, refusal, requestId),
    }
  }
}

function faultInQuery(query: URLSearchParams): string | undefined {
  if (!LANGUAGE.test(query.get('language') ?? ''))
    return 'The language is missing or invalid; send language=en-US'
  const format = query.get('format')
  if (format !== null && format !== 'simple' && format !== 'detailed')
    return 'The format must be simple or detailed'
  const profanity = query.get('profanity') ?? 'masked'
  return ['masked', 'removed', 'raw'].includes(profanity)
    ? undefined
    : 'The profanity must be masked, removed or raw'
}

function faultInAudio(audio: Audio | undefined): string | undefined {
  if (audio === undefined) return 'The audio is neither 16-bit PCM in WAV nor Opus in Ogg'
  return audio.durationUs > MAX_AUDIO_US ? 'The audio is longer than 60 seconds' : undefined
}

function badRequest(message: string, requestId: string): Answered {
  return invalid(azure.errorReply(400, '400', message, requestId))
}

function invalid(reply: Reply, operation: string = OPERATION): Answered {
  return { kind: 'invalid', operation, reply }
}
