/**
 * How is a virtual assistant to talk to when several people begin a conversation every second?
 *
 *   headroom run scenarios/direct-line-assistant.ts             bundled mock, about 50 s
 *   headroom run scenarios/direct-line-assistant.ts --virtual   the same without waiting
 *   headroom run scenarios/direct-line-assistant.ts --target https://directline.botframework.com \
 *     -e SECRET=… -e RATE=1
 *
 * Each user starts a conversation, sends messages and polls for the bot's reply until the query is resolved.
 * Look at the metrics of the script, which matter more here than those of single requests: `reply_time` (from
 * sending a message until the reply has been read), `words_per_reply`, `steps_to_resolve` and `resolved`. A bot
 * that fails ends the conversation unresolved. NOTE: ask Microsoft's support before loading the real channel;
 * it restricts load tests by address.
 */
import { sleep } from 'k6'
import http from 'k6/http'
import { Rate, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    users: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 3),
      duration: '30s',
      preAllocatedVUs: 50,
      maxVUs: 1000,
    },
  },
  thresholds: {
    reply_time: ['med<1000', 'p(95)<3000'],
    words_per_reply: ['avg<60'],
    steps_to_resolve: ['avg<4', 'max<=6'],
    resolved: ['rate>0.95'],
  },
  ext: {
    headroom: {
      mock: 'direct-line-s1,bot-steps=1-5,bot-words=10-60,bot-failures=0.005,latency=lognormal:300ms:2s',
      arrival: { users: 'poisson' },
      thresholds: { http_req_throttled: ['rate==0'] },
    },
  },
}

const CONVERSATIONS = `${__ENV.TARGET}/v3/directline/conversations`
const SECRET = __ENV.SECRET || 'mock-key-1'
const MAX_STEPS = 10
const MAX_POLLS = 30
const POLL_S = 0.3
const THINK_TIME_S = 1

const replyTime = new Trend('reply_time', true)
const wordsPerReply = new Trend('words_per_reply')
const stepsToResolve = new Trend('steps_to_resolve')
const resolved = new Rate('resolved')

interface Activity {
  readonly from: { readonly id: string }
  readonly text?: string
  readonly inputHint?: string
}

interface Page {
  readonly activities: readonly Activity[]
  readonly watermark: string
}

/** One user's side of a conversation. */
class Conversation {
  readonly #url: string
  readonly #headers: Record<string, string>
  #watermark = ''

  constructor(id: string, token: string) {
    this.#url = `${CONVERSATIONS}/${id}/activities`
    this.#headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  }

  /** @returns false when the bot has failed. */
  say(text: string): boolean {
    const body = JSON.stringify({ type: 'message', from: { id: 'user' }, text })
    return http.post(this.#url, body, { headers: this.#headers, tags: { name: 'send' } }).status === 200
  }

  /** The bot's next message; `undefined`: none has come. */
  hear(): Activity | undefined {
    for (let poll = 0; poll < MAX_POLLS; poll++) {
      const message = this.#read().find(({ from, text }) => from.id !== 'user' && text !== undefined)
      if (message !== undefined) return message
      sleep(POLL_S)
    }
    return undefined
  }

  #read(): readonly Activity[] {
    const url = `${this.#url}?watermark=${this.#watermark}`
    const reply = http.get(url, { headers: this.#headers, tags: { name: 'poll' } })
    if (reply.status !== 200) return []
    const { activities, watermark } = reply.json() as unknown as Page
    this.#watermark = watermark
    return activities
  }
}

function start(): Conversation | undefined {
  const headers = { Authorization: `Bearer ${SECRET}` }
  const reply = http.post(CONVERSATIONS, null, { headers, tags: { name: 'start' } })
  if (reply.status !== 201) return undefined
  const { conversationId, token } = reply.json() as { conversationId: string; token: string }
  return new Conversation(conversationId, token)
}

/** Asks and answers until the bot expects nothing more. @returns after how many messages; `undefined`: never. */
function resolve(conversation: Conversation): number | undefined {
  for (let step = 1; step <= MAX_STEPS; step++) {
    const sentAtMs = Date.now()
    const reply = conversation.say('I have a question about my order') ? conversation.hear() : undefined
    if (reply === undefined) return undefined
    replyTime.add(Date.now() - sentAtMs)
    wordsPerReply.add((reply.text ?? '').trim().split(/\s+/).length)
    if (reply.inputHint !== 'expectingInput') return step
    sleep(THINK_TIME_S)
  }
  return undefined
}

export default function () {
  const conversation = start()
  const steps = conversation && resolve(conversation)
  resolved.add(steps !== undefined)
  if (steps !== undefined) stepsToResolve.add(steps)
}
