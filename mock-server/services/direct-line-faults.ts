/** Errors of Direct Line 3.0: codes of microsoft/botframework-sdk, directline-3.0.json, and bot-docs. */
import { MAX_BODY_BYTES } from '../exchange.ts'
import type { DirectLineFault } from './direct-line-requests.ts'
import type { Reply } from './service.ts'

export const NOT_FOUND: DirectLineFault = {
  status: 404,
  code: 'ResourceNotFound',
  message: 'Resource not found',
}
export const NO_CONVERSATION: DirectLineFault = {
  status: 404,
  code: 'ResourceNotFound',
  message: 'Conversation not found',
}
/** An open end of this mock and not of the service. */
export const NO_STREAM: DirectLineFault = {
  status: 501,
  code: 'NotImplemented',
  message: 'This mock has no WebSocket streams; poll with GET on the activities of the conversation',
}
export const TOO_LARGE: DirectLineFault = {
  status: 413,
  code: 'MessageSizeTooBig',
  message: `More than ${MAX_BODY_BYTES} bytes`,
}
/** Of bot-docs, direct-line-3-0-api-reference.md. */
export const BOT_FAILED: DirectLineFault = {
  status: 502,
  code: 'BotRejectedActivity',
  message: 'Failed to send activity: bot returned an error',
}
/** As seen in BotFramework-DirectLineJS#47. */
export const BOT_TIMED_OUT: DirectLineFault = {
  status: 504,
  code: 'BotError',
  message: 'Failed to send activity: bot timed out',
}

/** Declared for the start of a conversation; which code it has is assumed. */
const CONFLICT: DirectLineFault = {
  status: 409,
  code: 'Conflict',
  message: 'The object you are trying to create already exists',
}

/** What Direct Line says when it fails with these statuses. */
const FAILURES: ReadonlyMap<number, DirectLineFault> = new Map(
  [CONFLICT, BOT_FAILED, BOT_TIMED_OUT].map((fault) => [fault.status, fault]),
)

export function forbidden(message: string): DirectLineFault {
  return { status: 403, code: 'BadArgument', message }
}

export function failureOf(status: number): DirectLineFault {
  return (
    FAILURES.get(status) ?? {
      status,
      code: 'ServiceError',
      message: 'The service has failed, as it was told to',
    }
  )
}

export function faultReply({ status, code, message }: DirectLineFault): Reply {
  const error = { code, message }
  return jsonReply(status, status === BOT_TIMED_OUT.status ? { error, httpStatusCode: status } : { error })
}

export function jsonReply(status: number, body: object): Reply {
  return {
    status,
    headers: [['Content-Type', 'application/json; charset=utf-8']],
    body: JSON.stringify(body),
  }
}
