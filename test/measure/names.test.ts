import { describe, expect, it } from 'vitest'
import { NameTable } from '../../src/measure/names.ts'

describe('names that are not shown as they are', () => {
  const hidden = (name: string): string => name.replace('key', '***')

  it('are asked for once, and counted under what is shown', () => {
    const asked: string[] = []
    const table = new NameTable((name) => {
      asked.push(name)
      return hidden(name)
    })
    expect([table.id('/a/key'), table.id('/b'), table.id('/a/key'), table.id('/b')]).toEqual([0, 1, 0, 1])
    expect(table.names).toEqual(['/a/***', '/b'])
    expect(asked).toEqual(['/a/key', '/b'])
  })

  it('share the number of a name that is shown alike', () => {
    const table = new NameTable(hidden)
    expect([table.id('/a/***'), table.id('/a/key')]).toEqual([0, 0])
  })

  it('never show what is hidden when the table is full', () => {
    const table = new NameTable(hidden)
    for (let i = 0; i < 300; i++) table.id(`/${i}/key`)
    expect(table.isOverflowed).toBe(true)
    expect(table.names).toHaveLength(201)
    expect(table.names.join()).not.toContain('key')
    expect(table.names.at(-1)).toBe('_other')
  })
})
