/** What the pure app is told about a request and what it answers. */

/** Longest request body that is read; the app answers 413 to anything longer. An assumption: no limit is published. */
export const MAX_BODY_BYTES = 1_048_576

export interface MockRequest {
  readonly method: string
  /** Path with query, as on the request line. */
  readonly path: string
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** May be cut anywhere beyond `MAX_BODY_BYTES`. */
  readonly body: Uint8Array
}

export interface ReplyPlan {
  readonly status: number
  /** `Content-Length` included where there may be a body; `Date` and `Connection` are the transport's. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `''` for no body. */
  readonly body: string
  /** When the first byte of the reply leaves; at or after the time of the call. */
  readonly replyAtUs: number
}
