import type { Failure } from './errors.ts'
import type { ResponseParser } from './parser.ts'
import { ReceivedResponse } from './response.ts'
import type { RemoteEnd, ReplyHandler, WireRequest } from './transport.ts'

const NOT_YET = -1

/** One request under way: when each stage was reached, and the handler, which hears of the end exactly once. */
export class Exchange {
  readonly request: WireRequest
  readonly #handler: ReplyHandler
  readonly #askedAtUs: number
  readonly #waitedUs: number
  /** Start of the stage under way before sending. */
  #stageAtUs: number
  #blockedUs: number
  #connectingUs = 0
  #tlsUs = 0
  #sentAtUs = NOT_YET
  #requestEndAtUs = NOT_YET
  #firstByteAtUs = NOT_YET
  #sentBytes = 0
  #receivedBytes = 0

  constructor(request: WireRequest, handler: ReplyHandler, askedAtUs: number) {
    this.request = request
    this.#handler = handler
    this.#askedAtUs = askedAtUs
    this.#stageAtUs = askedAtUs
    this.#waitedUs = request.waitedUs ?? 0
    this.#blockedUs = this.#waitedUs
  }

  get isReplying(): boolean {
    return this.#firstByteAtUs !== NOT_YET
  }

  get isFlushed(): boolean {
    return this.#requestEndAtUs !== NOT_YET
  }

  resolved(atUs: number): void {
    if (this.#sentAtUs === NOT_YET) this.#blockedUs = this.#waitedUs + atUs - this.#askedAtUs
    this.#stageAtUs = atUs
  }

  connected(atUs: number): void {
    if (this.#sentAtUs === NOT_YET) this.#connectingUs = atUs - this.#stageAtUs
    this.#stageAtUs = atUs
  }

  secured(atUs: number): void {
    if (this.#sentAtUs === NOT_YET) this.#tlsUs = atUs - this.#stageAtUs
  }

  /** The first byte was handed to the socket, of `sentBytes` in all. */
  sent(atUs: number, sentBytes: number): void {
    this.#sentBytes += sentBytes
    if (this.#sentAtUs !== NOT_YET) return
    this.#sentAtUs = atUs
    this.#handler.onSent(atUs)
  }

  /** The last byte of the request was handed over. */
  flushed(atUs: number): void {
    this.#requestEndAtUs = atUs
  }

  received(atUs: number, receivedBytes: number): void {
    if (this.#firstByteAtUs === NOT_YET) this.#firstByteAtUs = atUs
    this.#receivedBytes += receivedBytes
  }

  /** Goes back to before sending, for another connection. */
  retry(): void {
    this.#requestEndAtUs = NOT_YET
  }

  respond(parser: ResponseParser, atUs: number, remote: RemoteEnd | undefined): void {
    const timings = {
      blockedUs: this.#blockedUs,
      connectingUs: this.#connectingUs,
      tlsUs: this.#tlsUs,
      sentAtUs: this.#sentAtUs,
      // A server may reply before the request has been handed over in full.
      requestEndAtUs: this.isFlushed
        ? Math.min(this.#requestEndAtUs, this.#firstByteAtUs)
        : this.#firstByteAtUs,
      firstByteAtUs: this.#firstByteAtUs,
      doneAtUs: atUs,
    }
    const { headText, status, httpVersion } = parser
    const body = parser.takeBody()
    this.#handler.onResponse(
      new ReceivedResponse(
        headText,
        status,
        httpVersion,
        body,
        timings,
        this.#sentBytes,
        this.#receivedBytes,
        remote,
      ),
    )
  }

  fail(failure: Failure, atUs: number): void {
    this.#handler.onError({
      kind: failure.kind,
      message: failure.message,
      code: failure.code,
      atUs,
      sentAtUs: this.#sentAtUs === NOT_YET ? undefined : this.#sentAtUs,
      blockedUs: this.#blockedUs,
      connectingUs: this.#connectingUs,
      tlsUs: this.#tlsUs,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
    })
  }
}
