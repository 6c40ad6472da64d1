import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReplyPlan, WireFault } from '../exchange.ts'
import type { ReplyQueue } from './reply-queue.ts'

/** What there is to break. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly plan: ReplyPlan
  /** Writes the head, so that only the body is left. */
  readonly writeHead: () => void
}

/** No status line has an O in its version. */
const NOT_HTTP = 'HTTP/O.9 20O OK\r\n\r\n'

/** A trickling body leaves in pieces of about this long. */
const PIECES_PER_S = 50

/** Breaks a reply that is due now; `stall` is no such reply, since nothing is to be done about it. */
export function sendBroken(
  fault: Exclude<WireFault, { kind: 'stall' }>,
  exchange: Exchange,
  replies: ReplyQueue,
): void {
  switch (fault.kind) {
    case 'reset':
      return reset(exchange.request)
    case 'malformed':
      exchange.request.socket.end(NOT_HTTP)
      return
    case 'close-mid-body':
      return closeMidBody(exchange, fault.sentBytes)
    case 'slow-body':
      return trickle(exchange, fault.bytesPerS, replies)
  }
}

/** Over TLS, where Node offers no reset, the connection is cut without the farewell that TLS asks for. */
function reset({ socket }: IncomingMessage): void {
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

function closeMidBody({ request, response, plan, writeHead }: Exchange, sentBytes: number): void {
  writeHead()
  response.write(Buffer.from(plan.body).subarray(0, sentBytes), () => request.socket.destroy())
}

function trickle({ response, plan, writeHead }: Exchange, bytesPerS: number, replies: ReplyQueue): void {
  const body = Buffer.from(plan.body)
  const pieceBytes = Math.max(1, Math.floor(bytesPerS / PIECES_PER_S))
  let sentBytes = 0
  const sendPieceWhenDue = (): void => {
    const endBytes = Math.min(body.length, sentBytes + pieceBytes)
    replies.add(plan.replyAtUs + Math.ceil((endBytes * 1_000_000) / bytesPerS), () => {
      if (response.destroyed) return
      response.write(body.subarray(sentBytes, endBytes))
      sentBytes = endBytes
      if (sentBytes < body.length) sendPieceWhenDue()
      else response.end()
    })
  }
  writeHead()
  response.flushHeaders()
  sendPieceWhenDue()
}
