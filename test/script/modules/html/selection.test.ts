import { describe, expect, it } from 'vitest'
import { createHtmlModule } from '../../../../src/script/modules/html/module.ts'
import type { Selection } from '../../../../src/script/modules/html/selection.ts'
import { page } from './page.ts'

function texts(selection: Selection): string[] {
  return selection.map((_, each) => each.text().trim())
}

describe('parseHTML', () => {
  it('makes a document of what is hardly one, as browsers do', () => {
    const document = createHtmlModule().parseHTML('<p>a<p>b')
    expect(texts(document.find('body > p'))).toEqual(['a', 'b'])
  })
})

describe('finding', () => {
  it.each<readonly [string, (document: Selection) => Selection, readonly string[]]>([
    ['find(text)', (d) => d.find('#list li'), ['one', 'two', 'three']],
    ['find(selection)', (d) => d.find('#list').find(d.find('.last')), ['three']],
    ['find(element)', (d) => d.find('#list').find(d.find('.last').get(0)), ['three']],
    ['children()', (d) => d.find('#list').children(), ['one', 'two', 'three']],
    ['children(text)', (d) => d.find('#list').children('.last'), ['three']],
    ['first()', (d) => d.find('.item').first(), ['one']],
    ['last()', (d) => d.find('.item').last(), ['three']],
    ['eq(1)', (d) => d.find('.item').eq(1), ['two']],
    ['eq(-1)', (d) => d.find('.item').eq(-1), ['three']],
    ['slice(1)', (d) => d.find('.item').slice(1), ['two', 'three']],
    ['slice(0, -1)', (d) => d.find('.item').slice(0, -1), ['one', 'two']],
    ['filter(text)', (d) => d.find('.item').filter('.first'), ['one']],
    [
      'filter(function)',
      (d) => d.find('.item').filter((i: number, each: Selection) => i > 0 && each.text() !== 'two'),
      ['three'],
    ],
    ['filter(selection)', (d) => d.find('.item').filter(d.find('.first')), ['one']],
    ['not(text)', (d) => d.find('.item').not('.first'), ['two', 'three']],
    ['not(function)', (d) => d.find('.item').not((index: number) => index === 1), ['one', 'three']],
    ['not(selection)', (d) => d.find('.item').not(d.find('.first, .last')), ['two']],
    ['has(text)', (d) => d.find('h1, p').has('b'), ['Hello you']],
    ['next()', (d) => d.find('.first').next(), ['two']],
    ['next(text)', (d) => d.find('.first').next('.last'), []],
    ['nextAll()', (d) => d.find('.first').nextAll(), ['two', 'three']],
    ['nextAll(text)', (d) => d.find('.first').nextAll('.last'), ['three']],
    ['nextUntil(text)', (d) => d.find('.first').nextUntil('.last'), ['two']],
    ['prev()', (d) => d.find('.last').prev(), ['two']],
    ['prevAll(text)', (d) => d.find('.last').prevAll('.first'), ['one']],
    ['prevUntil(text)', (d) => d.find('.last').prevUntil('.first'), ['two']],
    ['prevUntil(text, text)', (d) => d.find('.last').prevUntil('.none', '.first'), ['one']],
    ['parent()', (d) => d.find('b').parent(), ['Hello you']],
    ['closest(text)', (d) => d.find('b').closest('h1'), ['Hello you']],
    ['contents()', (d) => d.find('h1').contents(), ['Hello', 'you']],
    ['toArray()', (d) => d.find('.item').toArray()[1] as Selection, ['two']],
  ])('%s', (_name, find, found) => {
    expect(texts(find(page()))).toEqual(found)
  })

  it('parents go up to the root, or until something', () => {
    const names = (selection: Selection) => selection.map((_, each) => each.get(0)?.nodeName())
    const bold = page().find('b')
    expect(names(bold.parents())).toEqual(['h1', 'div', 'body', 'html'])
    expect(names(bold.parents('div'))).toEqual(['div'])
    expect(names(bold.parent('p'))).toEqual([])
    expect(names(bold.parentsUntil('body'))).toEqual(['h1', 'div'])
  })

  it('finds nothing where there is nothing', () => {
    const none = page().find('#none')
    expect(none.size()).toBe(0)
    expect(none.get(0)).toBeUndefined()
    expect([none.attr('id'), none.html(), none.val(), none.text()]).toEqual([
      undefined,
      undefined,
      undefined,
      '',
    ])
  })
})

describe('asking', () => {
  it('is', () => {
    const items = page().find('.item')
    expect(items.is('.last')).toBe(true)
    expect(items.is('.none')).toBe(false)
    expect(items.is(page().find('.last'))).toBe(false)
    expect(items.is(items.last())).toBe(true)
    expect(items.is((index: number, each: Selection) => index === 2 && each.text() === 'three')).toBe(true)
    expect(items.is(() => false)).toBe(false)
  })

  it('attr, text and html', () => {
    const main = page().find('#main')
    expect(main.attr('class')).toBe('page  wide')
    expect(main.attr('none')).toBeUndefined()
    expect(main.attr('none', 'else')).toBe('else')
    expect(main.find('h1').html()).toBe('Hello <b>you</b>')
    expect(main.find('h1').text()).toBe('Hello you')
    expect(page().find('script').text()).toBe('let x = 1')
  })

  it('data reads numbers, booleans and JSON', () => {
    const main = page().find('#main')
    expect(main.data('user-id')).toBe(17)
    expect(main.data('userId')).toBe(17)
    expect(main.data('none')).toBeUndefined()
    expect(page().find('#main').data()).toEqual({ userId: 17, open: true, tags: ['a', 'b'], name: 'Ada' })
  })

  it.each([
    ['#email', 'a@b.c'],
    ['#note', 'hi there'],
    ['#color', 'g'],
    ['#extras', ['box', 'card']],
    ['#other', 'Later'],
    ['option', 'r'],
  ])('val of %s', (selector, value) => {
    expect(page().find(selector).val()).toEqual(value)
  })
})

describe('going through', () => {
  it('each gives elements, map gives selections', () => {
    const seen: unknown[] = []
    const items = page().find('.item')
    items.each((index, element) => {
      seen.push([index, element.textContent()])
      return false
    })
    expect(seen).toEqual([
      [0, 'one'],
      [1, 'two'],
      [2, 'three'],
    ])
    expect(items.map((index, each) => `${index}${each.attr('class')}`)).toEqual([
      '0item first',
      '1item',
      '2item last',
    ])
  })
})

describe('a form', () => {
  const SENT: [string, string][] = [
    ['email', 'a@b.c'],
    ['count', '2'],
    ['token', 't1'],
    ['news', 'yes'],
    ['size', 'm'],
    ['color', 'g'],
    ['extras', 'box'],
    ['extras', 'card'],
    ['note', 'hi there'],
    ['more', '1'],
  ]

  it('gives what a browser would send', () => {
    const form = page().find('#order')
    expect(form.serializeArray()).toEqual(SENT.map(([name, value]) => ({ name, value })))
    expect(form.serialize()).toBe(new URLSearchParams(SENT).toString())
    expect(form.serializeObject()).toEqual({ ...Object.fromEntries(SENT), extras: ['box', 'card'] })
  })

  it('may be given field by field', () => {
    expect(page().find('#email, #note').serialize()).toBe('email=a%40b.c&note=hi+there')
  })
})
