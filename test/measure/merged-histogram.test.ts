import { describe, expect, test } from 'vitest'
import { mergedHistogram } from '../../src/measure/merged-histogram.ts'

const EMPTY = { lowUs: [], counts: [] }

describe('merging', () => {
  test('of nothing is empty, and of one histogram that one', () => {
    const one = { lowUs: [3, 9], counts: [1, 2] }
    expect(mergedHistogram([])).toEqual(EMPTY)
    expect(mergedHistogram([EMPTY, EMPTY])).toEqual(EMPTY)
    expect(mergedHistogram([one])).toEqual(one)
  })

  test('adds up buckets that overlap and keeps the others, in order', () => {
    const merged = mergedHistogram([
      { lowUs: [3, 9], counts: [1, 2] },
      { lowUs: [1, 9, 2_048], counts: [5, 6, 7] },
      { lowUs: [0], counts: [8] },
    ])
    expect(merged).toEqual({ lowUs: [0, 1, 3, 9, 2_048], counts: [8, 5, 1, 8, 7] })
  })
})
