/** What the pure app is told about a request and what it answers. */

/** Longest request body that most services take; they answer 413 to anything longer. An assumption: no limit is published. */
export const MAX_BODY_BYTES = 1_048_576

/** Longest recording that is taken: room for 60 s of 16-bit samples at 16 kHz. No body is read beyond it. */
export const MAX_AUDIO_BYTES = 2_097_152

export interface MockRequest {
  readonly method: string
  /** Path with query, as on the request line. */
  readonly path: string
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** May be cut anywhere beyond `MAX_AUDIO_BYTES`. */
  readonly body: Uint8Array
}

/** How a reply goes wrong on the wire at its `replyAtUs`; the rest of the plan is what it would have been. */
export type WireFault =
  /** The connection is reset; nothing is sent. */
  | { readonly kind: 'reset' }
  /** Nothing is sent, ever; the connection stays open until the client gives up. */
  | { readonly kind: 'stall' }
  /** The body trickles at that rate: its last byte leaves `length / bytesPerS` seconds after the head. */
  | { readonly kind: 'slow-body'; readonly bytesPerS: number }
  /** The head and the first `sentBytes` of the body are sent, then the connection is closed. */
  | { readonly kind: 'close-mid-body'; readonly sentBytes: number }
  /** Bytes that are no HTTP are sent instead, then the connection is closed. */
  | { readonly kind: 'malformed' }

export interface ReplyPlan {
  readonly status: number
  /** `Content-Length` included where there may be a body; `Date` and `Connection` are the transport's. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `''` for no body. */
  readonly body: string
  /** Length of the body in UTF-8. */
  readonly bodyBytes: number
  /** When the first byte of the reply leaves; at or after the time of the call. */
  readonly replyAtUs: number
  /** For the transport to carry out; absent: the reply is sent as it is. */
  readonly fault?: WireFault
}
