import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { WireBytes } from './observation.ts'

/** Passes every byte on between a client and a server on this machine, and counts them. */
export class CountingRelay {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #sentBytes = 0
  #receivedBytes = 0
  readonly url: string

  private constructor(server: Server, toPort: number) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (client) => this.#relay(client, toPort))
  }

  /** @param target base URL of a server on 127.0.0.1. */
  static async start(target: string): Promise<CountingRelay> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new CountingRelay(server, Number(new URL(target).port))
  }

  /** So far, as seen by the client. */
  get bytes(): WireBytes {
    return { sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #relay(client: Socket, toPort: number): void {
    const upstream = connect({ port: toPort, host: '127.0.0.1', noDelay: true })
    client.setNoDelay()
    client.on('data', (chunk) => (this.#sentBytes += chunk.length))
    upstream.on('data', (chunk) => (this.#receivedBytes += chunk.length))
    client.pipe(upstream).pipe(client)
    this.#join(client, upstream)
    this.#join(upstream, client)
  }

  /** What ends one ends the other; who caused it knows why. */
  #join(socket: Socket, other: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      other.destroy()
    })
  }
}
