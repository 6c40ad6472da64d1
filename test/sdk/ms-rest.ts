/** What the clients that are made on ms-rest-js have in common. */
import { ApiKeyCredentials, type ServiceClientOptions, throttlingRetryPolicy } from '@azure/ms-rest-js'

/** A key in the header in which the services look for it. */
export function credentials(key = 'mock-key-1'): ApiKeyCredentials {
  return new ApiKeyCredentials({ inHeader: { 'Ocp-Apim-Subscription-Key': key } })
}

/** The status of the reply that a result was made from. */
export function statusOf({ _response: reply }: { readonly _response: { readonly status: number } }): number {
  return reply.status
}

/**
 * By default ms-rest-js 2.7 never waits for a `Retry-After` of these services: its throttling policy looks at replies, but the
 * policy beneath makes errors of them. Next to the wire it sees them.
 */
export const THROTTLING_AT_THE_WIRE: ServiceClientOptions = {
  requestPolicyFactories: (defaults) => [...defaults, throttlingRetryPolicy()],
}
