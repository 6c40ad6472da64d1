import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basicAuthorization, defaultName, UrlSplitter } from '../../../../src/script/modules/http/target.ts'

/** Splits three times: it is the URL of before the second time, and one of a known origin the third. */
function split(url: string): ReturnType<UrlSplitter['split']> {
  const urls = new UrlSplitter()
  const first = urls.split(url)
  expect(urls.split(url)).toEqual(first)
  expect(urls.split('http://other.test/').target.hostname).toBe('other.test')
  expect(urls.split(url)).toEqual(first)
  return first
}

describe('UrlSplitter', () => {
  it.each([
    ['http://host/a/b?c=d', 'http:', 'host', 80, 'host', '/a/b?c=d'],
    ['https://host', 'https:', 'host', 443, 'host', '/'],
    ['http://host?q=1', 'http:', 'host', 80, 'host', '/?q=1'],
    ['http://host:8080/', 'http:', 'host', 8080, 'host:8080', '/'],
    ['https://host:443/x', 'https:', 'host', 443, 'host', '/x'],
    ['http://[::1]:90/x', 'http:', '::1', 90, '[::1]:90', '/x'],
    ['http://127.0.0.1:90/x', 'http:', '127.0.0.1', 90, '127.0.0.1:90', '/x'],
    ['HTTP://Host/Path', 'http:', 'host', 80, 'host', '/Path'],
    ['http://host/a b/ü?x=ü', 'http:', 'host', 80, 'host', '/a%20b/%C3%BC?x=%C3%BC'],
    ['http://host/a/../b/./c', 'http:', 'host', 80, 'host', '/b/c'],
    ['http://host/a/%2e%2E/b', 'http:', 'host', 80, 'host', '/b'],
    ['http://host/a#part', 'http:', 'host', 80, 'host', '/a'],
    ['http://host\\a\\b', 'http:', 'host', 80, 'host', '/a/b'],
    [' http://host/a\n', 'http:', 'host', 80, 'host', '/a'],
    ["http://host/?name='x'", 'http:', 'host', 80, 'host', '/?name=%27x%27'],
  ])('%j', (url, protocol, hostname, port, authority, path) => {
    const { target, path: splitPath, credentials } = split(url)
    expect(target).toEqual({ protocol, hostname, port, authority })
    expect(splitPath).toBe(path)
    expect(credentials).toBeUndefined()
  })

  it.each([
    '',
    'rank',
    '/rank',
    '//host/rank',
    'undefined/rank',
    'ftp://host/',
    'http://',
    'http://ho st/',
    'http://host:99999/',
  ])('%j is an exception', (url) => {
    expect(() => new UrlSplitter().split(url)).toThrow('not an absolute http(s) URL')
    expect(new UrlSplitter().trySplit(url)).toBeUndefined()
  })

  it('keeps secrets out of the exception', () => {
    expect(() => new UrlSplitter().split('ftp://me:secret@host/a?key=secret#secret')).toThrow(
      /^not an absolute http\(s\) URL: "ftp:\/\/host\/a"$/,
    )
  })

  it.each([
    ['http://me:secret@host/a', 'me:secret'],
    ['http://me@host/a', 'me:'],
    ['http://:secret@host/a', ':secret'],
    ['http://m%40e:s%C3%BC%3A@host/a', 'm@e:sü:'],
    ['http://me:100%@host/a', 'me:100%'],
  ])('makes basic authorization of %j, and hides it', (url, credentials) => {
    const { credentials: found, shown, target } = split(url)
    expect(found && basicAuthorization(found)).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`)
    expect(shown).toBe('http://host/a')
    expect(target.authority).toBe('host')
  })

  it('does not take credentials over to URLs without them', () => {
    const urls = new UrlSplitter()
    urls.split('http://me:secret@host/a')
    expect(urls.split('http://host/a').credentials).toBeUndefined()
  })

  it('keeps its answers apart when origins are many', () => {
    const urls = new UrlSplitter()
    for (let n = 0; n < 1_500; n++) expect(urls.split(`http://h${n}/x`).target.hostname).toBe(`h${n}`)
    expect(urls.split('http://h0/x').target.hostname).toBe('h0')
  })

  it('says the same whether it knows the origin or not', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 12 })
    const part = fc.oneof(text, fc.constantFrom('..', '.', '%2e', '%41', "'", '?', '#', '/', '//', '@', '%'))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const url = `http://host/${parts.join('/')}`
        const known = new UrlSplitter()
        known.split('http://host/')
        expect(known.split(url)).toEqual(new UrlSplitter().split(url))
      }),
      { numRuns: 500 },
    )
  })
})

describe('defaultName', () => {
  it.each([
    ['http://host/a?key=1', 'http://host/a'],
    ['http://host/a#b', 'http://host/a'],
    ['http://host/a', 'http://host/a'],
    ['http://host/a?x\ny', 'http://host/a'],
  ])('of %j is %j', (url, name) => {
    expect(defaultName(url)).toBe(name)
  })
})
