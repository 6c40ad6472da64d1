import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { WireResponse } from '../../src/http/transport.ts'
import { ask, bodyText, failing, get, pause, requestTo, SHORT_MS, testTransport } from './ask.ts'
import { ok, scriptedServer, type Step } from './scripted-server.ts'

describe('when a server closes connections', () => {
  it('opens another one when an idle one was closed', async () => {
    const { target, sockets } = await scriptedServer(() => [
      (socket) => socket.write(ok('bye'), () => setTimeout(() => socket.end(), 5)),
    ])
    const transport = testTransport()
    await get(transport, target, { method: 'POST' })
    await pause(SHORT_MS)
    await get(transport, target, { method: 'POST' })
    expect(sockets).toHaveLength(2)
  })

  const closeOnSecond = (connection: number): Step[] =>
    connection === 0 ? [ok('first'), (socket: Socket) => socket.destroy()] : [ok('again')]

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])(
    'sends %s again when it met an idle connection being closed',
    async (method) => {
      const { target, requests } = await scriptedServer(closeOnSecond)
      const transport = testTransport()
      await get(transport, target)
      const { response, sentAtUs } = await ask(transport, target, { method })
      expect(response?.status).toBe(200)
      expect(requests.map((request) => request.split(' ')[0])).toEqual(['GET', method, method])
      expect(response?.sentBytes).toBe((requests[1] as string).length * 2)
      expect(response?.timings).toMatchObject({ sentAtUs, blockedUs: 0, connectingUs: 0 })
      expect(response?.timings.requestEndAtUs).toBeGreaterThan(sentAtUs as number)
    },
  )

  it('sends it again only once', async () => {
    const { target, requests } = await scriptedServer((connection) =>
      connection === 0 ? [ok('first'), (socket) => socket.destroy()] : [(socket) => socket.destroy()],
    )
    const transport = testTransport()
    await get(transport, target)
    expect(await failing(transport, target)).toMatchObject({
      kind: 'reset',
      message: `${target.authority} closed the connection before it replied`,
    })
    expect(requests).toHaveLength(3)
  })

  it('sends it again when the idle connection was reset', async () => {
    const { target, requests } = await scriptedServer((connection) =>
      connection === 0 ? [ok('first'), (socket) => socket.resetAndDestroy()] : [ok('again')],
    )
    const transport = testTransport()
    await get(transport, target)
    expect(bodyText(await get(transport, target))).toBe('again')
    expect(requests).toHaveLength(3)
  })

  it.each([
    ['a byte', 'H'],
    ['the start of a head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
  ])('does not send it again when %s of a reply has come', async (_name, start) => {
    const { target, requests } = await scriptedServer((connection) =>
      connection === 0 ? [ok('first'), (socket) => socket.end(start)] : [ok('again')],
    )
    const transport = testTransport()
    await get(transport, target)
    expect((await failing(transport, target)).kind).toBe('reset')
    expect(requests).toHaveLength(2)
  })

  it.each(['POST', 'PATCH'])('does not send %s again', async (method) => {
    const { target, requests } = await scriptedServer(closeOnSecond)
    const transport = testTransport()
    await get(transport, target)
    const error = await failing(transport, target, { method, body: 'pay once' })
    expect(error).toMatchObject({ kind: 'reset', code: 'ECONNRESET' })
    expect(error.message).toBe(
      `${target.authority} closed an idle connection; whether it processed the ${method} request is not known, so it was not sent again`,
    )
    expect(requests).toHaveLength(2)
  })

  it('does not use a connection for longer than Keep-Alive allows', async () => {
    const { target, sockets } = await scriptedServer(() => [ok('x', 'Keep-Alive: timeout=0\r\n')])
    const transport = testTransport()
    await get(transport, target)
    await pause(2)
    await get(transport, target)
    expect(sockets).toHaveLength(2)
    await pause(SHORT_MS)
    expect(sockets.map((socket) => socket.readableEnded)).toEqual([true, false])
  })

  it.each([
    ['Connection: close', ok('x', 'Connection: close\r\n')],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx'],
    ['bytes behind the reply', `${ok('x')}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged`],
  ])('does not use the connection again after %s', async (_name, reply) => {
    const { target, sockets } = await scriptedServer(() => [reply])
    const transport = testTransport()
    for (let i = 0; i < 3; i++) expect(bodyText(await get(transport, target))).toBe('x')
    expect(sockets).toHaveLength(3)
  })

  it('drops an idle connection on which something comes', async () => {
    const { target, sockets } = await scriptedServer(() => [ok('x')])
    const transport = testTransport()
    await get(transport, target)
    sockets[0]?.write(ok('forged'))
    await pause(SHORT_MS)
    expect(bodyText(await get(transport, target))).toBe('x')
    expect(sockets).toHaveLength(2)
  })

  it('takes the end of the connection for the end of a body without length', async () => {
    const { target } = await scriptedServer(() => [
      (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'),
    ])
    expect(bodyText(await get(testTransport(), target))).toBe('all of it')
  })
})

describe('abortAll and close', () => {
  it('end every request under way, connecting ones too, and later ones still work', async () => {
    const { target } = await scriptedServer((connection) => [connection === 0 ? () => {} : ok('x')])
    const transport = testTransport()
    const waiting = ask(transport, target)
    await pause(SHORT_MS)
    const connecting = ask(transport, target)
    transport.abortAll()
    const errors = (await Promise.all([waiting, connecting])).map(({ error }) => error)
    expect(errors).toMatchObject([
      { kind: 'aborted', message: `the request to ${target.authority} was aborted because the run ended` },
      { kind: 'aborted', sentAtUs: undefined },
    ])
    expect(errors[0]?.sentAtUs).toBeTypeOf('number')
    expect(bodyText(await get(transport, target))).toBe('x')
  })

  it('let a handler send again while aborting', async () => {
    const { target } = await scriptedServer((connection) => [connection === 0 ? () => {} : ok('again')])
    const transport = testTransport()
    const again = new Promise<WireResponse>((resolve, reject) => {
      transport.send(requestTo(target), {
        onSent: () => {},
        onResponse: () => reject(new Error('it was answered')),
        onError: () => resolve(get(transport, target)),
      })
    })
    await pause(SHORT_MS)
    transport.abortAll()
    expect(bodyText(await again)).toBe('again')
  })

  it('close idle connections, let the rest finish and refuse what comes later', async () => {
    const { target, sockets } = await scriptedServer(() => [
      ok('x'),
      (socket) => setTimeout(() => socket.write(ok('last')), SHORT_MS),
    ])
    const transport = testTransport()
    await Promise.all([get(transport, target), get(transport, target)])
    const last = get(transport, target)
    transport.close()
    const { error } = await ask(transport, target)
    expect(error).toMatchObject({ kind: 'aborted' })
    expect(error?.message).toBe(
      `the request to ${target.authority} was aborted because the transport is closed`,
    )
    expect(bodyText(await last)).toBe('last')
    await pause(SHORT_MS)
    expect(sockets.map((socket) => socket.readableEnded)).toEqual([true, true])
  })
})
