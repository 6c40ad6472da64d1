import { describe, expect, test } from 'vitest'
import { compileRoutes, parseRoutePattern } from '../../mock-server/route-pattern.ts'

describe('parsing', () => {
  test.each<[string, ReturnType<typeof parseRoutePattern>]>([
    ['POST /vision/*', { method: 'POST', path: '/vision/*' }],
    ['post:/vision/*', { method: 'POST', path: '/vision/*' }],
    ['* vision/read/*', { method: '*', path: 'vision/read/*' }],
    [' /rank ', { method: '*', path: '/rank' }],
    ['*', { method: '*', path: '*' }],
    ['', undefined],
    ['POST /a /b', undefined],
  ])('%j', (text, pattern) => {
    expect(parseRoutePattern(text)).toEqual(pattern)
  })
})

describe('matching', () => {
  test.each<[pattern: string, method: string, path: string, isMatch: boolean]>([
    ['POST /vision/*', 'POST', '/vision/v3.2/analyze', true],
    ['POST /vision/*', 'GET', '/vision/v3.2/analyze', false],
    ['POST /vision/*', 'POST', '/vision', false],
    ['* vision/read/*', 'GET', '/Vision/Read/1', true],
    ['* vision/read/*', 'GET', '/v2/vision/read/1', false],
    ['*', 'DELETE', '/', true],
    ['/a/*/c', 'GET', '/a/b/b/c', true],
    ['/a/*/c', 'GET', '/a/c', false],
    ['/v1.0/rank', 'GET', '/v1x0/rank', false],
    ['/(a|b)', 'GET', '/a', false],
    ['/(a|b)', 'GET', '/(a|b)', true],
  ])('%j on %s %s: %s', (pattern, method, path, isMatch) => {
    expect(compileRoutes([parseRoutePattern(pattern)!])(method, path)).toBe(isMatch)
  })

  test('one of several is enough', () => {
    const matches = compileRoutes([
      { method: 'GET', path: '/a' },
      { method: 'POST', path: '/b' },
    ])
    expect([matches('GET', '/a'), matches('POST', '/b'), matches('POST', '/a')]).toEqual([true, true, false])
  })
})
