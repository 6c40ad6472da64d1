import { describe, expect, it } from 'vitest'
import type { LookupAll } from '../../src/http/resolver.ts'
import { ask, get, localTarget, SHORT_MS, testTransport } from './ask.ts'
import { ok, scriptedServer } from './scripted-server.ts'

/** A resolver that takes its time. */
function slowLookup(error: Error | null = null): LookupAll {
  return (_hostname, done) => void setTimeout(() => done(error, ['127.0.0.1']), SHORT_MS)
}

describe('waits for connections', () => {
  it('count once for each new one, however many requests it serves', async () => {
    const { target } = await scriptedServer(() => [ok('a')])
    const named = localTarget(target.port, 'http:', 'api.test')
    const transport = testTransport({ lookup: slowLookup() })
    expect(transport.connectionFigures).toEqual({ waitUs: 0, shortageCount: 0 })
    await get(transport, named)
    const { waitUs } = transport.connectionFigures
    expect(waitUs).toBeGreaterThanOrEqual((SHORT_MS - 1) * 1_000)
    await get(transport, named)
    expect(transport.connectionFigures).toEqual({ waitUs, shortageCount: 0 })
  })

  it('count when nothing came of them, and as a shortage when it was this machine’s', async () => {
    const outOfFiles = Object.assign(new Error('too many open files'), { code: 'EMFILE' })
    const transport = testTransport({ lookup: slowLookup(outOfFiles) })
    const { error } = await ask(transport, localTarget(1, 'http:', 'api.test'))
    expect(error?.code).toBe('EMFILE')
    expect(transport.connectionFigures.waitUs).toBeGreaterThanOrEqual((SHORT_MS - 1) * 1_000)
    expect(transport.connectionFigures.shortageCount).toBe(1)
  })

  it('are no shortage when the target refuses them', async () => {
    const { target, sockets } = await scriptedServer(() => [(socket) => void socket.destroy()])
    const transport = testTransport()
    expect((await ask(transport, target)).error?.kind).toBe('reset')
    expect(sockets).toHaveLength(1)
    expect(transport.connectionFigures.shortageCount).toBe(0)
  })
})
