import type { ReplyHandler, Transport, WireError, WireRequest, WireResponse } from '../../http/transport.ts'

/** Says once why requests of a kind fail: the figures only count them. Timeouts explain themselves. */
export class ExplainingTransport implements Transport {
  readonly #inner: Transport
  readonly #tell: (text: string) => void
  readonly #told = new Set<string>()

  constructor(inner: Transport, tell: (text: string) => void) {
    this.#inner = inner
    this.#tell = tell
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    this.#inner.send(request, new ExplainingHandler(this, handler))
  }

  abortAll(): void {
    this.#inner.abortAll()
  }

  close(): void {
    this.#inner.close()
  }

  explain({ kind, message }: WireError): void {
    if (kind === 'timeout' || kind === 'aborted' || this.#told.has(message)) return
    this.#told.add(message)
    this.#tell(`a request failed: ${message}`)
  }
}

class ExplainingHandler implements ReplyHandler {
  readonly #transport: ExplainingTransport
  readonly #inner: ReplyHandler

  constructor(transport: ExplainingTransport, inner: ReplyHandler) {
    this.#transport = transport
    this.#inner = inner
  }

  onSent(atUs: number): void {
    this.#inner.onSent(atUs)
  }

  onResponse(response: WireResponse): void {
    this.#inner.onResponse(response)
  }

  onError(error: WireError): void {
    this.#transport.explain(error)
    this.#inner.onError(error)
  }
}
