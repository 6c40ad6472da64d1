import { describe, expect, it } from 'vitest'
import { ExplainingTransport } from '../../../src/commands/run/explaining-transport.ts'
import type { ReplyHandler, Transport, WireError, WireRequest } from '../../../src/http/transport.ts'

const REQUEST = { path: '/' } as WireRequest

function failure(kind: WireError['kind'], message: string): WireError {
  return { kind, message } as WireError
}

/** Every request sent through it ends with the next of the errors; gives what was told and what handlers heard. */
function told(errors: readonly WireError[]): { readonly lines: string[]; readonly heard: WireError[] } {
  const lines: string[] = []
  const heard: WireError[] = []
  const rest = [...errors]
  const inner: Transport = {
    send: (_request, handler) => {
      handler.onSent(0)
      const error = rest.shift()
      if (error !== undefined) handler.onError(error)
    },
    abortAll: () => {},
    close: () => {},
  }
  const transport = new ExplainingTransport(inner, (text) => lines.push(text))
  const handler: ReplyHandler = {
    onSent: () => {},
    onResponse: () => {},
    onError: (error) => heard.push(error),
  }
  for (const _ of errors) transport.send(REQUEST, handler)
  return { lines, heard }
}

describe('ExplainingTransport', () => {
  it('says each reason once and passes every error on', () => {
    const refused = failure('refused', 'h refused the connection')
    const errors = [refused, failure('tls', 'the certificate of h'), refused]
    const { lines, heard } = told(errors)
    expect(lines).toEqual([
      'a request failed: h refused the connection',
      'a request failed: the certificate of h',
    ])
    expect(heard).toEqual(errors)
  })

  it('has nothing to say of timeouts, and of what we ended ourselves', () => {
    expect(told([failure('timeout', 'late'), failure('aborted', 'over')]).lines).toEqual([])
  })
})
