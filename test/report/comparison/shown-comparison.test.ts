import { describe, expect, it } from 'vitest'
import { comparisonAnnotations } from '../../../src/report/comparison/annotations.ts'
import type { ComparisonData } from '../../../src/report/comparison/comparison-data.ts'
import { renderComparisonMarkdown } from '../../../src/report/comparison/comparison-markdown.ts'
import { renderComparisonText } from '../../../src/report/comparison/comparison-text.ts'
import { shownComparison } from '../../../src/report/comparison/shown-comparison.ts'
import { renderComparisonHtml } from '../../../src/report/html/comparison-page.ts'
import { plainStyler } from '../../../src/report/style.ts'
import { comparisonData } from '../html/html-comparison.ts'

/** A run of one request name: what is said of it is said of everything. */
function sameTwice(): ComparisonData {
  const all = comparisonData(['_all'])
  const again = <T extends { readonly name: string }>(rows: readonly T[]): T[] =>
    [...rows, ...rows].map((row, i) => ({ ...row, name: i < rows.length ? '_all' : 'rank' }))
  return {
    ...all,
    comparisons: again(all.comparisons).map((each) =>
      each.name === '_all' ? { ...each, basis: 'within and between runs' } : each,
    ),
    throttling: again(all.throttling),
    quantileRatios: again(all.quantileRatios),
  }
}

const DOCUMENTS: readonly (readonly [string, (data: ComparisonData) => string])[] = [
  ['text', (data) => renderComparisonText(data, { color: plainStyler, width: 120 })],
  ['Markdown', renderComparisonMarkdown],
  ['HTML', renderComparisonHtml],
  ['annotations', (data) => comparisonAnnotations(data).join('\n')],
]

describe('a comparison of one request name', () => {
  it('shows it once, with what is known of all', () => {
    const { comparisons, throttling, quantileRatios } = shownComparison(sameTwice())
    const { comparisons: once } = comparisonData(['_all'])
    expect(comparisons).toEqual(
      once.map((each) => ({ ...each, name: 'rank', basis: 'within and between runs' })),
    )
    for (const rows of [throttling, quantileRatios]) {
      expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['rank']))
    }
  })

  it.each(DOCUMENTS)('does so as %s', (_format, render) => {
    const data = sameTwice()
    const shown = render(data)
    expect(shown).toBe(render(shownComparison(data)))
    expect(shown).toContain('rank')
    expect(shown).not.toMatch(/\ball:|\| all \||^all /m)
  })
})

describe('both are shown where', () => {
  it('there are several names', () => {
    const data = comparisonData(['_all', 'rank', 'reward'])
    expect(shownComparison(data)).toBe(data)
  })

  it('a side has more than the name that both have', () => {
    const data = comparisonData(['_all', 'rank'])
    const [first, ...others] = data.comparisons
    const apart = {
      ...data,
      comparisons: [...(first === undefined ? [] : [{ ...first, head: 1 }]), ...others],
    }
    expect(shownComparison(apart)).toBe(apart)
  })

  it('there is no name at all', () => {
    const data = comparisonData(['_all'])
    expect(shownComparison(data)).toBe(data)
  })
})
