/** HTTP servers in the test's process for real-socket runs. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startMockServer, type MockServer } from '../../mock-server/server.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'

/** Listens on a free port of 127.0.0.1 until the test is over; gives the port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The base URL of a server that answers so. */
export async function httpTarget(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`
}

/** The bundled mock, whose account can be asked for while it runs. */
export async function mockTarget(spec: string): Promise<MockServer> {
  const { config } = parseMockSpec(spec)
  if (config === undefined) throw new Error(`no mock: ${spec}`)
  const server = await startMockServer({ config, seed: 1, host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  return server
}
