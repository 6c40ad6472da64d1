/** The older gateway in front of Azure Cognitive Services: flat bodies for what the gateway itself refuses. */
import { US_PER_S } from '../../src/core/units.ts'
import type { Refusal } from '../admission.ts'
import { type Answered, type Call, type Reply, retryAfterSeconds, type Service } from './service.ts'

/** As captured in node-cognitive-services#41. */
const UNAUTHORIZED =
  'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.'

const S_PER_MINUTE = 60
const S_PER_HOUR = 3_600
const S_PER_DAY = 86_400

/** The service with the gateway's refusals told the older way; what the service itself says stays as it is. */
export function behindFlatGateway(service: Service): Service {
  return {
    read: (request, path, nowUs) => withFlatRefusals(service.read(request, path, nowUs)),
    ...(service.state !== undefined && { state: (nowUs: number) => service.state!(nowUs) }),
    ...(service.setConcurrency !== undefined && {
      setConcurrency: (concurrency: number) => service.setConcurrency!(concurrency),
    }),
  }
}

/** No service behind the gateway refuses a key itself: every 401 is the gateway's. */
function withFlatRefusals(read: Call | Answered): Call | Answered {
  if (read.kind === 'call') {
    return { ...read, refuse: (refusal) => flatRefusal(refusal, read.refuse(refusal)) }
  }
  return read.reply.status === 401 ? { ...read, reply: withFlatBody(read.reply, UNAUTHORIZED) } : read
}

/** A service without room is not the gateway's business. */
function flatRefusal(refusal: Refusal, reply: Reply): Reply {
  const { kind, retryAfterUs } = refusal
  if (kind === 'capacity') return reply
  return withFlatBody(reply, kind === 'quota' ? quotaMessage(retryAfterUs) : rateMessage(retryAfterUs))
}

function withFlatBody(reply: Reply, message: string): Reply {
  return { ...reply, body: JSON.stringify({ statusCode: reply.status, message }) }
}

/** The sentence is that of LUIS (BotFramework-Composer#4527); nothing is said of when where waiting does not help. */
function rateMessage(retryAfterUs: number): string {
  const advice = retryAfterUs === Infinity ? '' : ` Try again in ${retryAfterSeconds(retryAfterUs)} seconds.`
  return `Rate limit is exceeded.${advice}`
}

/** As captured in node-bing-api#34. */
function quotaMessage(retryAfterUs: number): string {
  const advice = retryAfterUs === Infinity ? '' : ` Quota will be replenished in ${timeSpan(retryAfterUs)}.`
  return `Out of call volume quota.${advice}`
}

/** A span as .NET's TimeSpan writes it, `d.hh:mm:ss`, the days only where there are any. Rounded up as `Retry-After`. */
function timeSpan(spanUs: number): string {
  const spanS = Math.ceil(spanUs / US_PER_S)
  const days = Math.floor(spanS / S_PER_DAY)
  const clock = [
    Math.floor((spanS % S_PER_DAY) / S_PER_HOUR),
    Math.floor((spanS % S_PER_HOUR) / S_PER_MINUTE),
    spanS % S_PER_MINUTE,
  ]
  const time = clock.map((part) => String(part).padStart(2, '0')).join(':')
  return days === 0 ? time : `${days}.${time}`
}
