/**
 * What node:http alone costs: reads a request to its end and gives the reply that its parent has told it. Run as a
 * process of its own; says its port when it listens.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface BareReply {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

process.once('message', ({ status, headers, body }: BareReply) => {
  const server = createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(status, [...headers])
      response.end(body)
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
})
process.on('disconnect', () => process.exit())
