import { describe, expect, it } from 'vitest'
import { sparkline } from '../../src/report/sparkline.ts'

describe('sparkline', () => {
  it.each<[string, (number | undefined)[], number, string]>([
    ['from nothing to the largest', [0, 1, 2, 3, 4, 5, 6, 7], 0, '▁▂▃▄▅▆▇█'],
    ['below a top that is not reached', [0, 7], 14, '▁▅'],
    ['above one that is', [7, 14], 7, '▅█'],
    ['a little is not nothing', [0, 0.001], 1, '▁▂'],
    ['what is not known', [undefined, 1, undefined], 0, ' █ '],
    ['nothing at all', [0, 0], 0, '▁▁'],
    ['no values', [], 1, ''],
  ])('%s', (_what, values, leastTop, drawn) => {
    expect(sparkline(values, leastTop, true)).toBe(drawn)
  })

  it('has as many levels in ASCII', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, false)).toBe('_.:-=+*#')
  })
})
