import type { WireError, WireErrorKind } from '../../../engine/host.ts'

/** k6's error codes (its documentation, "Error codes"), for the kinds of failure that can be told apart here. */
const CODES: Readonly<Record<WireErrorKind, number>> = {
  timeout: 1050,
  dns: 1101,
  blocked_address: 1110,
  blocked_hostname: 1111,
  unreachable: 1210,
  refused: 1212,
  reset: 1220,
  tls: 1300,
  protocol: 1000,
  aborted: 1000,
  other: 1000,
}

export function errorCodeOf(error: WireError): number {
  return CODES[error.kind]
}

/** k6 gives replies of 400 and above an error code too: 1400–1599. */
export function errorCodeOfStatus(status: number): number {
  return status >= 400 && status <= 599 ? 1_000 + status : 0
}

/** A failure that k6 has no number for. */
export const GENERIC_ERROR_CODE = 1000
/** What a request was asked for is no URL. */
export const INVALID_URL_CODE = 1020
/** The body of a reply is not what its `Content-Encoding` says. */
export const DECOMPRESSION_ERROR_CODE = 1701
