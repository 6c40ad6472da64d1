import type { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { DirectLineConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import { ScriptedBot } from './bot.ts'
import { type Activity, type Conversation, Conversations } from './conversations.ts'
import { bearerOf } from './credentials.ts'
import {
  BOT_FAILED,
  BOT_TIMED_OUT,
  failureOf,
  faultReply,
  forbidden,
  jsonReply,
  NO_CONVERSATION,
  NO_STREAM,
  NOT_FOUND,
  TOO_LARGE,
} from './direct-line-faults.ts'
import {
  type DirectLineFault,
  type DirectLineOperation,
  type DirectLineRoute,
  faultInOptions,
  matchDirectLineRoute,
  parseActivity,
  parseUpload,
  parseWatermark,
  type Sent,
} from './direct-line-requests.ts'
import { DirectLineTokens, TOKEN_LIFETIME_S } from './direct-line-tokens.ts'
import { queryOf } from './query.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

/** What Direct Line itself takes: it adds less than 120 ms to the bot's turn (botframework-sdk, directline-3.0.json). */
const CHANNEL_US = 60_000
/** How long a bot may take: BotFramework-DirectLineJS#60. */
const BOT_TIMEOUT_US = 15_000_000

/** Who asks: whoever has the secret may open any conversation, whoever has a token only its own. */
interface Caller {
  /** `undefined`: the secret. */
  readonly ownConversationId: string | undefined
}

/** One request with what has been found out about it. */
interface Asked {
  readonly request: MockRequest
  readonly path: string
  readonly operation: DirectLineOperation
  readonly conversationId: string
  readonly caller: Caller
  readonly nowUs: number
}

/** What a valid request leads to once it has been admitted. */
type Action = Pick<Call, 'succeed'> & Partial<Pick<Call, 'workUs'>>

/**
 * Direct Line 3.0 with a scripted bot behind it. Sending is synchronous with the bot's turn, whose time is the resource's
 * latency; everything else takes only the channel's own. There are no WebSockets: clients have to poll, and are told so where
 * their stream would be.
 *
 * @param startUnixMs the date at time 0.
 */
export function createDirectLineService(config: DirectLineConfig, rng: Rng, startUnixMs: number): Service {
  return new DirectLine(config, rng, startUnixMs)
}

class DirectLine implements Service {
  readonly #secrets: readonly string[]
  readonly #startUnixMs: number
  readonly #bot: ScriptedBot
  readonly #tokens: DirectLineTokens
  readonly #conversationIds: Rng
  readonly #conversations: Conversations

  constructor(config: DirectLineConfig, rng: Rng, startUnixMs: number) {
    this.#startUnixMs = startUnixMs
    this.#conversations = new Conversations(startUnixMs)
    this.#secrets = config.keys
    this.#bot = new ScriptedBot(config.bot, rng.fork('bot'))
    this.#tokens = new DirectLineTokens(rng.fork('tokens'))
    this.#conversationIds = rng.fork('conversation-ids')
  }

  read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const route = matchDirectLineRoute(path)
    if (route === undefined) return invalid(UNMATCHED, NOT_FOUND)
    const operation = route.operations[request.method]
    if (operation === undefined) return methodNotAllowed(route)
    if (operation === 'stream') return invalid(operation, NO_STREAM)
    if (request.body.length > MAX_BODY_BYTES) return invalid(operation, TOO_LARGE)
    const caller = this.#callerOf(request, nowUs)
    if ('code' in caller) return invalid(operation, caller)
    const { conversationId } = route
    const action = this.#act({ request, path, operation, conversationId, caller, nowUs })
    if ('code' in action) return invalid(operation, action)
    return {
      kind: 'call',
      operation,
      cost: plainCost(request),
      workUs: () => CHANNEL_US,
      fail: (status) => faultReply(failureOf(status)),
      refuse: (refusal) =>
        refuse(refusal, this.#startUnixMs + (nowUs + refusal.delayUs + refusal.retryAfterUs) / 1_000),
      ...action,
    }
  }

  state(): object {
    return this.#conversations.state()
  }

  #callerOf(request: MockRequest, nowUs: number): Caller | DirectLineFault {
    const bearer = bearerOf(request)
    if (bearer === undefined) return { status: 401, code: 'BadArgument', message: 'Missing token or secret' }
    if (this.#secrets.includes(bearer)) return { ownConversationId: undefined }
    const token = this.#tokens.read(bearer, nowUs)
    if (token === undefined) return forbidden('Invalid token or secret')
    if (token.isExpired) return { status: 403, code: 'TokenExpired', message: 'Token has expired' }
    return { ownConversationId: token.conversationId }
  }

  #act(asked: Asked): Action | DirectLineFault {
    switch (asked.operation) {
      case 'generate-token':
        return this.#generateToken(asked)
      case 'refresh-token':
        return this.#refreshToken(asked)
      case 'start-conversation':
        return this.#start(asked)
      default:
        return this.#actIn(asked)
    }
  }

  /** The conversation has an id from now on; it is there only when it is started. */
  #generateToken({ request, caller, nowUs }: Asked): Action | DirectLineFault {
    if (caller.ownConversationId !== undefined) return forbidden('A token is generated only for the secret')
    const fault = faultInOptions(request)
    return fault ?? { succeed: () => jsonReply(200, this.#grant(drawGuid(this.#conversationIds), nowUs)) }
  }

  #refreshToken({ caller: { ownConversationId }, nowUs }: Asked): Action | DirectLineFault {
    if (ownConversationId === undefined) return forbidden('Only a token can be refreshed')
    return { succeed: () => jsonReply(200, this.#grant(ownConversationId, nowUs)) }
  }

  #start(asked: Asked): Action | DirectLineFault {
    const { request, caller, nowUs } = asked
    const fault = faultInOptions(request)
    if (fault !== undefined) return fault
    return {
      succeed: () => {
        const id = caller.ownConversationId ?? drawGuid(this.#conversationIds)
        const isNew = this.#conversations.find(id) === undefined
        this.#conversations.start(id)
        return jsonReply(isNew ? 201 : 200, { ...this.#grant(id, nowUs), streamUrl: streamUrl(asked, id) })
      },
    }
  }

  #actIn(asked: Asked): Action | DirectLineFault {
    const { request, operation, conversationId, caller } = asked
    const isOthers = caller.ownConversationId !== undefined && caller.ownConversationId !== conversationId
    if (isOthers) return forbidden('The token is for another conversation')
    const conversation = this.#conversations.find(conversationId)
    if (conversation === undefined) return NO_CONVERSATION
    const query = queryOf(request)
    if (operation === 'send-activity') return this.#send(asked, conversation, parseActivity(request))
    if (operation === 'upload') return this.#send(asked, conversation, parseUpload(request, query))
    const watermark = parseWatermark(query)
    if (typeof watermark !== 'number') return watermark
    return operation === 'reconnect'
      ? this.#reconnect(asked, watermark)
      : { succeed: () => jsonReply(200, conversation.readFrom(watermark, asked.nowUs)) }
  }

  #reconnect(asked: Asked, watermark: number): Action {
    const { conversationId, nowUs } = asked
    const url = `${streamUrl(asked, conversationId)}?watermark=${watermark}`
    return { succeed: () => jsonReply(200, { ...this.#grant(conversationId, nowUs), streamUrl: url }) }
  }

  /** A bot that is late is heard all the same, as in BotFramework-DirectLineJS#47, but the sender has been told that it failed. */
  #send(asked: Asked, conversation: Conversation, sent: Sent | DirectLineFault): Action | DirectLineFault {
    if ('code' in sent) return sent
    const { activity } = sent
    const { nowUs } = asked
    let turnUs = 0
    return {
      workUs: (drawnUs) => {
        turnUs = drawnUs
        return CHANNEL_US + Math.min(drawnUs, BOT_TIMEOUT_US)
      },
      succeed: (latencyUs, dueUs) => {
        const id = conversation.add(activity, nowUs, nowUs)
        const lateUs = Math.max(0, turnUs - BOT_TIMEOUT_US)
        const hasReplied = this.#answer(conversation, { ...activity, id }, dueUs + lateUs, nowUs)
        if (latencyUs - CHANNEL_US >= BOT_TIMEOUT_US) return faultReply(BOT_TIMED_OUT)
        return hasReplied ? jsonReply(200, { id }) : faultReply(BOT_FAILED)
      },
    }
  }

  /** Only messages are answered. @returns false when the bot fails. */
  #answer(conversation: Conversation, to: Activity, atUs: number, nowUs: number): boolean {
    if (to['type'] !== 'message') return true
    const utterance = this.#bot.reply(conversation.dialog)
    if (utterance === undefined) return false
    conversation.add(
      { type: 'message', from: { id: 'bot', name: 'bot' }, ...utterance, replyToId: to['id'] },
      atUs,
      nowUs,
    )
    return true
  }

  #grant(conversationId: string, nowUs: number): object {
    return { conversationId, token: this.#tokens.issue(conversationId, nowUs), expires_in: TOKEN_LIFETIME_S }
  }
}

/**
 * What is said of a spent allowance is the reason phrase of botframework-sdk#4359; the code is assumed.
 *
 * @param resetUnixMs `Infinity`: never, because the request is larger than the allowance.
 */
function refuse({ kind, status = 429, limit }: Refusal, resetUnixMs: number): Reply {
  if (kind === 'capacity') {
    return faultReply({ status: 503, code: 'ServiceUnavailable', message: 'The service is busy.' })
  }
  const reset = resetUnixMs === Infinity ? '' : ` The quantity will reset on ${dotNetDate(resetUnixMs)}.`
  const message =
    kind === 'quota'
      ? `Included quantity of ${limit} transactions has been exceeded.${reset}`
      : 'Rate limit is exceeded.'
  return faultReply({ status, code: 'TooManyRequests', message })
}

/** A date as .NET writes it: in parts of 100 ns, without its zone. */
function dotNetDate(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('Z', '0000')
}

/** On this mock, where nothing listens: a client must never be sent to the real service. */
function streamUrl({ request, path }: Asked, conversationId: string): string {
  const prefix = request.path.slice(0, Math.max(0, request.path.indexOf(path)))
  const host = request.headers['host'] ?? 'localhost'
  return `ws://${host}${prefix}/v3/directline/conversations/${conversationId}/stream`
}

function methodNotAllowed({ operations }: DirectLineRoute): Answered {
  const allow = Object.keys(operations).join(', ')
  const [operation = UNMATCHED] = Object.values(operations)
  const answered = invalid(operation, {
    status: 405,
    code: 'MethodNotAllowed',
    message: `This path allows ${allow}`,
  })
  const { reply } = answered
  return { ...answered, reply: { ...reply, headers: [['Allow', allow], ...reply.headers] } }
}

function invalid(operation: string, fault: DirectLineFault): Answered {
  return { kind: 'invalid', operation, reply: faultReply(fault) }
}
