import type { RequestRecord } from '../../src/measure/request-log.ts'

/** An accepted reply on a new connection. */
export const REQUEST: RequestRecord = {
  name: 'rank',
  scenario: 'steady',
  method: 'POST',
  vuId: 3,
  attempt: 1,
  outcome: 'accepted',
  status: 201,
  error: undefined,
  plannedUs: 1_000_007,
  sentUs: 1_000_207,
  firstByteUs: 1_010_207,
  doneUs: 1_011_208,
  connectingUs: 150,
  retryAfterUs: undefined,
  sentBytes: 500,
  receivedBytes: 700,
}
