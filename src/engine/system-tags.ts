import type { WireError, WireResponse } from '../http/transport.ts'
import type { Outcome } from '../measure/outcome.ts'
import type { RequestSpec } from './host.ts'

/** What of a request shows in its tags. */
interface TaggedRequest {
  readonly spec: RequestSpec
  readonly group: string
  readonly status: number
  readonly outcome: Outcome
  readonly isExpected: boolean | undefined
  readonly response: WireResponse | undefined
  readonly error: WireError | undefined
}

/** k6's system tags of a request (`undefined`: it has no such tag), and our `outcome`. */
export const SYSTEM_TAGS: ReadonlyMap<string, (request: TaggedRequest) => string | undefined> = new Map([
  ['name', ({ spec }) => spec.name],
  // As in k6, requests that were given one name have one URL in the figures, too.
  ['url', ({ spec }) => (spec.isNamed === true ? spec.name : spec.url)],
  ['method', ({ spec }) => spec.method],
  ['group', ({ group }) => group],
  ['status', ({ status }) => String(status)],
  ['outcome', ({ outcome }) => outcome],
  ['expected_response', ({ isExpected }) => (isExpected === undefined ? undefined : String(isExpected))],
  ['proto', ({ response }) => response && `HTTP/${response.httpVersion}`],
  ['ip', ({ response }) => response?.remote?.address],
  ['tls_version', ({ response }) => response?.remote?.tls?.version],
  ['error', ({ error }) => error?.message],
  ['error_code', errorCode],
])

function errorCode({ spec, status, error }: TaggedRequest): string | undefined {
  const code = spec.errorCodeOf?.(status, error) ?? 0
  return code === 0 ? undefined : String(code)
}
