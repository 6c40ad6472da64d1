import { describe, expect, it } from 'vitest'
import { Element } from '../../../../src/script/modules/html/element.ts'
import { parseHTML } from '../../../../src/script/modules/html/document.ts'
import { page } from './page.ts'

type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>

/** The methods of the first element that a selector finds. */
function first(selector: string): Methods & Element {
  const element = page().find(selector).get(0)
  if (element === undefined) throw new Error(`there is no ${selector}`)
  return element as Methods & Element
}

/** Elements by their id, else their name. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown)
  return value instanceof Element ? value.id() || value.nodeName() : value
}

describe('every element', () => {
  it.each<readonly [string, string, readonly unknown[], unknown]>([
    ['#main', 'id', [], 'main'],
    ['h1', 'id', [], ''],
    ['#main', 'nodeName', [], 'div'],
    ['#main', 'toString', [], 'div'],
    ['#main', 'nodeType', [], 1],
    ['#main', 'nodeValue', [], undefined],
    ['#main', 'className', [], 'page  wide'],
    ['p', 'className', [], undefined],
    ['#main', 'classList', [], ['page', 'wide']],
    ['#main', 'getAttribute', ['data-name'], 'Ada'],
    ['#main', 'getAttribute', ['constructor'], undefined],
    ['#main', 'hasAttribute', ['CLASS'], true],
    ['#main', 'hasAttribute', ['none'], false],
    ['p', 'hasAttributes', [], false],
    ['#main', 'hasAttributes', [], true],
    ['#main', 'childElementCount', [], 3],
    ['#main', 'children', [], ['h1', 'list', 'p']],
    ['#main', 'firstElementChild', [], 'h1'],
    ['#main', 'lastElementChild', [], 'p'],
    ['#main', 'firstChild', [], '#text'],
    ['h1', 'lastChild', [], 'b'],
    ['#list', 'hasChildNodes', [], true],
    ['#canvas', 'hasChildNodes', [], false],
    ['h1', 'nextElementSibling', [], 'list'],
    ['h1', 'nextSibling', [], '#text'],
    ['p', 'previousElementSibling', [], 'list'],
    ['p', 'previousSibling', [], '#text'],
    ['h1', 'previousElementSibling', [], undefined],
    ['b', 'parentElement', [], 'h1'],
    ['b', 'parentNode', [], 'h1'],
    ['html', 'parentElement', [], undefined],
    ['html', 'parentNode', [], '#document'],
    ['b', 'ownerDocument', [], '#document'],
    ['#list', 'getElementsByClassName', ['last item'], ['li']],
    ['#list', 'getElementsByClassName', [''], []],
    ['#main', 'getElementsByTagName', ['LI'], ['li', 'li', 'li']],
    ['h1', 'getElementsByTagName', ['*'], ['b']],
    ['#main', 'querySelector', ['ul'], 'list'],
    ['#main', 'querySelector', ['form'], undefined],
    ['#main', 'querySelectorAll', ['h1, ul'], ['h1', 'list']],
    ['#main', 'matches', ['div.page'], true],
    ['#main', 'matches', ['p'], false],
    ['h1', 'innerHTML', [], 'Hello <b>you</b>'],
    ['h1', 'textContent', [], 'Hello you'],
    ['html', 'lang', [], 'en'],
    ['h1', 'lang', [], undefined],
    ['h1', 'namespaceURI', [], 'http://www.w3.org/1999/xhtml'],
    ['h1', 'isDefaultNamespace', [], true],
  ])('%s: %s(%j) is %j', (selector, method, args, expected) => {
    expect(shown(first(selector)[method]?.(...args))).toEqual(expected)
  })

  it('has attributes with names and owners', () => {
    const link = first('#link')
    expect(Object.keys(link.attributes())).toEqual(['id', 'rel', 'href'])
    const attribute = link.getAttributeNode('rel')
    expect(attribute).toMatchObject({ name: 'rel', value: 'next nofollow', ownerElement: link })
    expect([attribute?.localName(), attribute?.prefix(), attribute?.namespaceURI()]).toEqual(['rel', '', ''])
    expect(link.getAttributeNode('none')).toBeUndefined()
  })

  it('knows itself and what is in it', () => {
    const document = page()
    const [main, list, link] = ['#main', '#list', '#link'].map((id) => document.find(id).get(0) as Element)
    expect(main?.contains(list!)).toBe(true)
    expect(main?.contains(main)).toBe(true)
    expect(main?.contains(link!)).toBe(false)
    expect(main?.isSameNode(document.find('div').get(0)!)).toBe(true)
    expect(main?.isSameNode(page().find('#main').get(0)!)).toBe(false)
    expect(main?.isEqualNode(page().find('#main').get(0)!)).toBe(true)
    expect(main?.isEqualNode(list!)).toBe(false)
  })

  it('text, comments and the document are nodes, too', () => {
    const nodes = first('#main').childNodes()
    const kinds = nodes.map((node) => [node.nodeName(), node.nodeType()])
    expect(kinds.slice(0, 4)).toEqual([
      ['#text', 3],
      ['h1', 1],
      ['#text', 3],
      ['#comment', 8],
    ])
    expect(nodes[3]?.nodeValue()).toBe(' offers ')
    expect(page().get(0)?.nodeType()).toBe(9)
    expect([nodes[0]?.attributes(), nodes[0]?.children()]).toEqual([{}, []])
  })
})

describe('some elements can do more', () => {
  it.each<readonly [string, string, unknown]>([
    ['#link', 'hash', '#part'],
    ['#link', 'host', 'shop.example'],
    ['#link', 'origin', 'http://shop.example'],
    ['#link', 'pathname', '/items/2'],
    ['#link', 'search', '?x=1'],
    ['#link', 'text', 'next'],
    ['#link', 'relList', ['next', 'nofollow']],
    ['#far', 'hostname', 'other.example'],
    ['#far', 'port', '8443'],
    ['#far', 'protocol', 'https:'],
    ['#far', 'username', 'me'],
    ['#far', 'password', 'secret'],
    ['link', 'relList', ['stylesheet', 'preload']],
    ['#order', 'method', 'post'],
    ['#search', 'method', 'get'],
    ['#search', 'length', 2],
    ['#order', 'length', 15],
    ['#email', 'form', 'order'],
    ['#email', 'name', 'email'],
    ['#email', 'labels', ['label']],
    ['input[name=count]', 'labels', ['around']],
    ['#email', 'formAction', '/order'],
    ['#email', 'formEnctype', 'multipart/form-data'],
    ['#email', 'formMethod', 'post'],
    ['#email', 'formTarget', '_self'],
    ['#email', 'formNoValidate', false],
    ['#other', 'formAction', '/later'],
    ['#other', 'formMethod', 'get'],
    ['#other', 'value', 'Later'],
    ['#fields', 'elements', ['input']],
    ['#fields', 'form', 'order'],
    ['#fields', 'type', 'fieldset'],
    ['#fields', 'validity', undefined],
    ['label', 'control', 'email'],
    ['#around', 'control', 'input'],
    ['#around', 'form', 'order'],
    ['#legend', 'form', 'order'],
    ['#color', 'form', 'order'],
    ['#color', 'length', 2],
    ['#color', 'name', 'color'],
    ['#color', 'selectedIndex', 1],
    ['#color', 'size', 1],
    ['#color', 'type', 'select-one'],
    ['#color', 'value', 'g'],
    ['#extras', 'type', 'select-multiple'],
    ['#extras', 'size', 4],
    ['#extras', 'selectedOptions', ['option', 'option']],
    ['#extras', 'selectedIndex', 0],
    ['#color option[selected]', 'index', 1],
    ['#color option[selected]', 'label', 'green'],
    ['#color option[selected]', 'text', 'green'],
    ['#color option[selected]', 'value', 'g'],
    ['#color option[selected]', 'disabled', false],
    ['#color option[selected]', 'form', 'order'],
    ['optgroup option', 'disabled', true],
    ['optgroup option', 'value', 'box'],
    ['optgroup', 'disabled', true],
    ['optgroup', 'label', 'All'],
    ['#note', 'length', 8],
    ['#note', 'form', 'order'],
    ['#choices', 'options', ['option']],
    ['#sum', 'value', '7'],
    ['#sum', 'defaultValue', '7'],
    ['#half', 'max', 4],
    ['#half', 'value', 2],
    ['#half', 'position', 0.5],
    ['#unknown', 'max', 1],
    ['#unknown', 'position', -1],
    ['#table', 'caption', 'caption'],
    ['#table', 'rows', ['tr', 'tr', 'row', 'tr']],
    ['#table', 'tBodies', ['tbody']],
    ['#table', 'tHead', 'thead'],
    ['#table', 'tFoot', 'tfoot'],
    ['tbody', 'rows', ['tr', 'row']],
    ['#row', 'rowIndex', 2],
    ['#row', 'sectionRowIndex', 1],
    ['#row', 'cells', ['td']],
    ['#cell', 'cellIndex', 1],
    ['#col', 'span', 2],
    ['map', 'areas', ['area']],
    ['map', 'images', ['image']],
    ['#film', 'textTracks', ['track']],
    ['#canvas', 'width', 20],
    ['#canvas', 'height', 150],
    ['title', 'text', 'Shop'],
    ['script', 'text', 'let x = 1'],
    ['style', 'type', 'text/css'],
  ])('%s: %s() is %j', (selector, method, expected) => {
    expect(shown(first(selector)[method]?.())).toEqual(expected)
  })

  it('a link without an address has no parts', () => {
    const link = parseHTML('<a>x</a><a href="/x">y</a>').find('a')
    for (const index of [0, 1]) expect((link.get(index) as Methods & Element)['host']?.()).toBe('')
  })

  it('a list that takes one has its first option selected', () => {
    const list = parseHTML('<select><option>a<option>b</select><select></select>').find('select')
    expect((list.get(0) as Methods & Element)['selectedIndex']?.()).toBe(0)
    expect((list.get(1) as Methods & Element)['selectedIndex']?.()).toBe(-1)
  })
})
