import { describe, expect, test } from 'vitest'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { json } from '../requests.ts'
import { app, call, type Grant, pageAt, S, start, statusAndCode } from './direct-line-calls.ts'

describe('uploads', () => {
  const form = (...parts: readonly string[]): string =>
    [...parts.map((part) => `--b\r\n${part}\r\n`), '--b--\r\n'].join('')
  const FILE =
    'Content-Type: image/png\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG'
  const upload = (
    grant: Grant,
    body: string,
    headers: Readonly<Record<string, string>>,
    query = '?userId=u1',
  ): MockRequest => {
    const plain = call('POST', `/conversations/${grant.conversationId}/upload${query}`, grant.token, body)
    return { ...plain, headers: { authorization: plain.headers['authorization']!, ...headers } }
  }
  const FORM = { 'content-type': 'multipart/form-data; boundary=b' }

  test('a form becomes a message with its files, and the bot answers', () => {
    const mock = app()
    const grant = start(mock)
    const activity =
      'Content-Type: application/vnd.microsoft.activity\r\nContent-Disposition: form-data; name="activity"\r\n\r\n{"type":"message","text":"see","from":{"id":"u2"}}'
    const plan = mock.handle(upload(grant, form(activity, FILE, FILE), FORM), 0)
    expect([plan.status, json(plan)]).toEqual([200, { id: expect.stringContaining('|') }])
    const { activities } = pageAt(mock, grant, S)
    const attachment = { contentType: 'image/png', name: 'a.png' }
    expect(activities[0]).toMatchObject({
      type: 'message',
      text: 'see',
      from: { id: 'u2' },
      attachments: [attachment, attachment],
    })
    expect(activities).toHaveLength(2)
  })

  test('one file needs no form', () => {
    const mock = app()
    const grant = start(mock)
    const headers = {
      'content-type': 'image/jpeg',
      'content-disposition': 'name="file"; filename="joke.jpg"',
    }
    expect(mock.handle(upload(grant, 'JFIF', headers), 0).status).toBe(200)
    expect(pageAt(mock, grant, S).activities[0]).toMatchObject({
      from: { id: 'u1' },
      attachments: [{ contentType: 'image/jpeg', name: 'joke.jpg' }],
    })
  })

  test.each<[string, string, Readonly<Record<string, string>>, string, unknown[]]>([
    ['without user', form(FILE), FORM, '', [400, 'MissingProperty']],
    ['without file', form(), FORM, '?userId=u', [400, 'BadArgument']],
    [
      'without boundary',
      form(FILE),
      { 'content-type': 'multipart/form-data' },
      '?userId=u',
      [400, 'BadArgument'],
    ],
    ['cut off', form(FILE).slice(0, -6), FORM, '?userId=u', [400, 'BadArgument']],
    [
      'with an activity that is none',
      form('Content-Type: application/vnd.microsoft.activity\r\n\r\n[]', FILE),
      FORM,
      '?userId=u',
      [400, 'BadArgument'],
    ],
    ['of no type', form(FILE), {}, '?userId=u', [415, 'UnsupportedMediaType']],
  ])('one %s is refused', (_story, body, headers, query, error) => {
    const mock = app()
    expect(statusAndCode(mock.handle(upload(start(mock), body, headers, query), 0))).toEqual(error)
  })
})
