import { expect, test } from 'vitest'
import { NameTable } from '../../src/measure/names.ts'

test('numbers names in order of first use', () => {
  const table = new NameTable()
  expect(['rank', 'reward', 'rank'].map((name) => table.id(name))).toEqual([0, 1, 0])
  expect(table.names).toEqual(['rank', 'reward'])
})

test('keeps 200 names and puts the rest into _other', () => {
  const table = new NameTable()
  for (let i = 0; i < 200; i++) table.id(`name ${i}`)
  expect(table.isOverflowed).toBe(false)
  expect(table.id('one more')).toBe(200)
  expect(table.id('and another')).toBe(200)
  expect(table.id('name 199')).toBe(199)
  expect(table.isOverflowed).toBe(true)
  expect(table.names).toHaveLength(201)
  expect(table.names[200]).toBe('_other')
})

test('a script that uses _other itself loses no name by it', () => {
  const table = new NameTable()
  for (const name of ['_other', ...Array.from({ length: 200 }, (_, i) => `name ${i}`)]) table.id(name)
  expect(table.isOverflowed).toBe(false)
  expect(table.id('one more')).toBe(0)
  expect(table.isOverflowed).toBe(true)
})

test('no request can pass for the total', () => {
  const table = new NameTable()
  expect(table.names[table.id('_all')]).toBe('_other')
})
