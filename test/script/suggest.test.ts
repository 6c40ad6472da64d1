import { describe, expect, it } from 'vitest'
import { suggest } from '../../src/script/suggest.ts'

describe('suggest', () => {
  const known = ['rate', 'tags', 'vus', 'preAllocatedVUs', 'maxVUs']
  it.each([
    ['rte', 'rate'],
    ['ratee', 'rate'],
    ['rote', 'rate'],
    ['raet', 'rate'],
    ['vsu', 'vus'],
    ['maxvus', 'maxVUs'],
    ['preAlocatedVU', 'preAllocatedVUs'],
  ])('%s is %s', (word, meant) => {
    expect(suggest(word, known)).toBe(`did you mean "${meant}"?`)
  })

  it.each(['stages', 'colour', 'x', '', 'rrattee'])('%s is none of them', (word) => {
    expect(suggest(word, known)).toBeUndefined()
  })
})
