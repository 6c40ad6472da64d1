import type { CustomConfig } from '../config.ts'
import type { MockRequest } from '../exchange.ts'
import { type Call, type Reply, type Service, retryAfterSeconds } from './service.ts'

/** A service of the user's own: any route and method is valid and answers 200 with what was asked for. */
export function createCustomService(config: CustomConfig): Service {
  return { read: (request, path) => customCall(config, request, path) }
}

function customCall(config: CustomConfig, request: MockRequest, path: string): Call {
  return {
    valid: true,
    operation: 'request',
    cost: 1,
    succeed: () => jsonReply(200, { method: request.method, path }),
    refuse: ({ rule, retryAfterUs }) => {
      const seconds = retryAfterSeconds(retryAfterUs)
      const message = `Refused by the limit "${rule}". Retry after ${seconds} s.`
      const reply = jsonReply(config.refusalStatus, {
        error: { code: String(config.refusalStatus), message },
      })
      return { ...reply, headers: [['Retry-After', String(seconds)], ...reply.headers] }
    },
  }
}

function jsonReply(status: number, body: unknown): Reply {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) }
}
