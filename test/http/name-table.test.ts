import { expect, it } from 'vitest'
import { NameTable } from '../../src/http/name-table.ts'

const TABLE = new NameTable([
  ['api.test', 'exact'],
  ['*.test', 'short'],
  ['*.b.test', 'long'],
  ['API.test:443', 'port'],
  ['*-eu.example', 'no dot'],
])

it.each<[name: string, value: string | undefined]>([
  ['api.test', 'exact'],
  ['API.Test', 'exact'],
  ['api.test:443', 'port'],
  ['api.test:80', undefined],
  ['x.test', 'short'],
  ['a.x.test', 'short'],
  ['x.b.test', 'long'],
  ['b.test', 'short'],
  ['test', undefined],
  ['.test', undefined],
  ['rank-eu.example', 'no dot'],
  ['a.test.example', undefined],
])('%s has %s', (name, value) => {
  expect(TABLE.find(name)?.value).toBe(value)
})

it('says which pattern it was', () => {
  expect(TABLE.find('x.b.test')?.pattern).toBe('*.b.test')
  expect(new NameTable([['*', 1]]).find('anything')).toMatchObject({ pattern: '*', value: 1 })
})
