import type { ReplyPlan } from './exchange.ts'
import type { Reply } from './services/service.ts'

/**
 * Adds the length of the body, which every status but 204 states; a reply to HEAD states it and leaves the body out.
 *
 * @param bytes of the reply's body, where the caller has counted them already.
 */
export function planReply(
  method: string,
  reply: Reply,
  replyAtUs: number,
  bytes: number = Buffer.byteLength(reply.body),
): ReplyPlan {
  const { status, body } = reply
  if (status === 204) return { ...reply, replyAtUs }
  const headers = [...reply.headers, ['Content-Length', String(bytes)] as const]
  return { status, headers, body: method === 'HEAD' ? '' : body, replyAtUs }
}
