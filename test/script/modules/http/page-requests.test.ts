import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../../src/engine/host.ts'
import { claimWait } from '../../../../src/script/wait-frame.ts'
import { HTML } from '../html/page.ts'
import { bench, type Bench, headerOf } from './bench.ts'

const URL = 'http://shop.example/items/1'
const FIELDS =
  'color=g&count=2&email=a%40b.c&extras=box&extras=card&go=Buy&more=1&news=yes&note=hi+there&size=m&token=t1'

function shop(html = HTML): Bench {
  return bench((_, index) => (index === 0 ? { body: html } : { body: 'done' }))
}

/** The request that follows from a page. */
async function after(
  act: (response: Awaited<ReturnType<Bench['http']['get']>>) => Promise<unknown>,
  html?: string,
): Promise<RequestSpec> {
  const { host, http } = shop(html)
  await act(await http.get(URL))
  return host.requests[1]!
}

describe('submitForm', () => {
  it('sends the fields as they stand, with the button', async () => {
    const spec = await after((page) => page.submitForm())
    expect(spec).toMatchObject({ method: 'POST', url: 'http://shop.example/order', body: FIELDS })
    expect(headerOf(spec, 'Content-Type')).toBe('application/x-www-form-urlencoded')
  })

  it('takes fields, a button and params of the script', async () => {
    const spec = await after((page) =>
      page.submitForm({
        formSelector: '#order',
        fields: { email: 'x', extra: 1 },
        submitSelector: '#other',
        params: { tags: { name: 'order' } },
      }),
    )
    expect(spec.body).toBe(
      'color=g&count=2&email=x&extra=1&extras=box&extras=card&go=Later&more=1&news=yes&note=hi+there&size=m&token=t1',
    )
    expect(spec.name).toBe('order')
  })

  it('by GET puts them into the query', async () => {
    const spec = await after((page) => page.submitForm({ formSelector: '#search' }))
    expect(spec).toMatchObject({
      method: 'GET',
      url: 'http://shop.example/search?lang=en&q=shoes',
      body: null,
    })
  })

  it.each([
    ['<form method=post><input name=a value=1></form>', 'http://shop.example/items/1'],
    ['<form method=post action="">x</form>', 'http://shop.example/items/1'],
    ['<form method=post action="next">x</form>', 'http://shop.example/items/next'],
    ['<form method=post action="//other.example/x">x</form>', 'http://other.example/x'],
  ])('%s goes to %s', async (html, url) => {
    expect((await after((page) => page.submitForm(), html)).url).toBe(url)
  })

  it('needs a form', async () => {
    const response = await shop().http.get(URL)
    expect(() => response.submitForm({ formSelector: '#none' })).toThrow(`there is no form "#none" in ${URL}`)
  })
})

describe('clickLink', () => {
  it('asks for the first link, or for the one that is meant', async () => {
    expect(await after((page) => page.clickLink())).toMatchObject({
      method: 'GET',
      url: 'http://shop.example/items/2?x=1',
    })
    expect(
      await after((page) =>
        page.clickLink({ selector: 'a[href="/a"], area', params: { headers: { A: 'b' } } }),
      ),
    ).toMatchObject({
      url: 'http://shop.example/a',
      headers: [
        ['A', 'b'],
        ['User-Agent', 'headroom/test'],
      ],
    })
  })

  it('needs a link', async () => {
    const response = await shop('<p>no link</p><a name="x">y</a>').http.get(URL)
    expect(() => response.clickLink()).toThrow(`there is no link "a[href]" in ${URL}`)
    expect(() => response.clickLink({ selector: 'a' })).toThrow('there is no link "a"')
  })
})

describe('both', () => {
  it('wait, and give a reply that can be read on', async () => {
    const { host, http } = shop()
    const response = await http.get(URL)
    const pending = response.clickLink()
    expect(host.isWaiting).toBe(true)
    expect(claimWait(pending)).toBe(pending)
    expect((await pending).body).toBe('done')
    expect(host.isWaiting).toBe(false)
  })

  it('need a page', async () => {
    const { http } = bench()
    const response = await http.get(URL, { responseType: 'none' })
    expect(() => response.html()).toThrow(
      'the reply of GET http://shop.example/items/1 has no body to read as HTML',
    )
    expect(() => response.submitForm()).toThrow('no body to read as HTML')
  })
})

describe('html', () => {
  it('reads the page, or a part of it', async () => {
    const response = await shop().http.get(URL)
    expect(response.html().find('title').text()).toBe('Shop')
    expect(response.html('.item').size()).toBe(3)
  })
})
