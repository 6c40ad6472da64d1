import { expect, test } from 'vitest'
import { parseIsoDurationUs } from '../../../../mock-server/services/personalizer/iso-duration.ts'

const S = 1_000_000

test.each<[string, number]>([
  ['PT5S', 5 * S],
  ['PT0.5S', 500_000],
  ['PT5M', 300 * S],
  ['PT1H30M', 5_400 * S],
  ['P2D', 172_800 * S],
  ['P1DT12H', 129_600 * S],
  ['P1W', 604_800 * S],
  ['PT0S', 0],
])('%s is %d µs', (text, us) => {
  expect(parseIsoDurationUs(text)).toBe(us)
})

test.each(['', 'P', 'PT', 'P1DT', '5M', 'PT5', 'PT-5M', 'pt5m', 'PT5M ', 'PT1M1H', 'P1Y', 'P1M', '00:10:00'])(
  '"%s" is no duration',
  (text) => {
    expect(parseIsoDurationUs(text)).toBeUndefined()
  },
)
