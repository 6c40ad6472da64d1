import { describe, expect, test } from 'vitest'
import { bodyCost } from '../../../mock-server/services/costs.ts'
import { request } from '../requests.ts'

const costOf = (body: unknown, unit: Parameters<ReturnType<typeof bodyCost>>[0], path = '/'): number =>
  bodyCost(request({ method: 'POST', path, body }))(unit)

describe('characters', () => {
  test.each<[string, unknown, string, number]>([
    [
      'the texts of a Translator call',
      [{ Text: 'four' }, { Text: 'twelve chars' }],
      '/translate?api-version=3.0&to=de',
      16,
    ],
    ['once for every target', [{ Text: 'four' }], '/translate?to=de&to=fr&to=nl', 12],
    ['documents', { documents: [{ id: '1', language: 'en', text: 'abc' }] }, '/', 3],
    ['a chat', { messages: [{ role: 'user', content: 'hello' }], model: 'm' }, '/', 5],
    ['a body without texts', { a: 1 }, '/', 7],
    ['no JSON', 'plain text', '/', 10],
    ['nothing', '', '/', 0],
  ])('of %s', (_story, body, path, count) => {
    expect(costOf(body, 'characters', path)).toBe(count)
  })

  test('a body nested deeper than any stack is counted all the same', () => {
    const depth = 200_000
    expect(costOf(`${'['.repeat(depth)}{"text":"ab"}${']'.repeat(depth)}`, 'characters')).toBe(2)
  })
})

test.each<[string, unknown, number]>([
  ['documents', { documents: [{}, {}, {}] }, 3],
  ['an array', [1, 2], 2],
  ['anything else', { a: 1 }, 1],
  ['no JSON', 'x', 1],
])('records of %s', (_story, body, count) => {
  expect(costOf(body, 'records')).toBe(count)
})

test.each<[string, unknown, number]>([
  ['four characters each, rounded up', { prompt: 'nine char' }, 3],
  ['and the longest reply', { messages: [{ content: 'abcd' }], max_tokens: 100 }, 101],
  ['but no nonsense', { prompt: 'abcd', max_tokens: -5 }, 1],
])('tokens: %s', (_story, body, count) => {
  expect(costOf(body, 'tokens')).toBe(count)
})

test('requests and bytes are those of any service', () => {
  expect([costOf('ü', 'requests'), costOf('ü', 'bytes')]).toEqual([1, 2])
})
