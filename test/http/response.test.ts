import { describe, expect, it } from 'vitest'
import { ReceivedResponse } from '../../src/http/response.ts'

const TIMINGS = {
  blockedUs: 0,
  connectingUs: 0,
  tlsUs: 0,
  sentAtUs: 1,
  requestEndAtUs: 2,
  firstByteAtUs: 3,
  doneAtUs: 4,
}

function received(head: string): ReceivedResponse {
  return new ReceivedResponse(head, 200, '1.1', new Uint8Array(0), TIMINGS, 10, 20)
}

describe('ReceivedResponse', () => {
  it('gives the headers in order, with names as sent and values without blanks around them', () => {
    const head = 'HTTP/1.1 200 OK\r\nB: 1\r\na:\t two words \t\r\nb:x:y\r\nE:\r\nN: \xa0\r\n\r\n'
    expect(received(head).headers).toEqual([
      ['B', '1'],
      ['a', 'two words'],
      ['b', 'x:y'],
      ['E', ''],
      ['N', '\xa0'],
    ])
  })

  it('finds a header by its lower-case name and joins repeated ones', () => {
    const response = received('HTTP/1.1 200 OK\r\nRetry-After: 7\r\nVary: a\r\nVARY: b\r\nE:\r\n\r\n')
    expect(response.header('retry-after')).toBe('7')
    expect(response.header('vary')).toBe('a, b')
    expect(response.header('e')).toBe('')
    expect(response.header('x')).toBeUndefined()
  })

  it('has no headers when there are none', () => {
    expect(received('HTTP/1.1 204 No Content\r\n\r\n').headers).toEqual([])
  })

  it.each([
    ['HTTP/1.1 429 Too Many Requests\r\n\r\n', 'Too Many Requests'],
    ['HTTP/1.0 200 \r\nA: b\r\n\r\n', ''],
    ['HTTP/1.1 200\r\nA: b\r\n\r\n', ''],
  ])('%j has the reason %j', (head, expected) => {
    expect(received(head).statusText).toBe(expected)
  })
})
