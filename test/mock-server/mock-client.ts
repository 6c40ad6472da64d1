import { once } from 'node:events'
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import { type MockServer, type MockServerOptions, startMockServer } from '../../mock-server/server.ts'
import { configOf } from './requests.ts'

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly tookMs: number
}

export interface Ask {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const running: MockServer[] = []
const sockets: Socket[] = []
const agent = new Agent({ keepAlive: true })

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(running.splice(0).map((server) => server.close()))
})

/** A server that is closed after the test. */
export async function start(spec: string, options: Partial<MockServerOptions> = {}): Promise<MockServer> {
  const config = configOf(spec)
  const server = await startMockServer({ config, seed: 1, host: '127.0.0.1', port: 0, ...options })
  running.push(server)
  return server
}

/** One request on a kept connection. @throws what node:http says of a broken reply. */
export function ask(
  server: MockServer,
  { path = '/', method = 'GET', headers = {}, body = '' }: Ask = {},
): Promise<HttpReply> {
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers, agent }
    const call = httpRequest(options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('error', reject)
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const tookMs = performance.now() - startMs
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, tookMs })
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** What a plain socket has been sent. */
export interface RawClient {
  readonly socket: Socket
  /** In the pieces in which it came. */
  readonly pieces: readonly string[]
  readonly text: () => string
  /** Resolves when the connection is closed, with the code of the error that closed it. */
  readonly closed: Promise<string | undefined>
}

export const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

/** A socket that has sent `text`. */
export async function open(server: MockServer, text = ''): Promise<RawClient> {
  const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true })
  sockets.push(socket)
  const pieces: string[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece.toString()))
  let code: string | undefined
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code))
  const closed = new Promise<string | undefined>((resolve) => socket.on('close', () => resolve(code)))
  await once(socket, 'connect')
  socket.write(text)
  return { socket, pieces, text: () => pieces.join(''), closed }
}
