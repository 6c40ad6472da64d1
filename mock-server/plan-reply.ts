import type { ReplyPlan } from './exchange.ts'
import type { Reply } from './services/service.ts'

/** Adds the length of the body, which every status but 204 states; a reply to HEAD states it and leaves the body out. */
export function planReply(method: string, reply: Reply, replyAtUs: number): ReplyPlan {
  const { status, body, bodyBytes = Buffer.byteLength(body) } = reply
  if (status === 204) return { ...reply, bodyBytes, replyAtUs }
  const headers = [...reply.headers, ['Content-Length', String(bodyBytes)] as const]
  const isHead = method === 'HEAD'
  return { status, headers, body: isHead ? '' : body, bodyBytes: isHead ? 0 : bodyBytes, replyAtUs }
}
