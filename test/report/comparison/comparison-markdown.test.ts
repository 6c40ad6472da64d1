import { describe, expect, it } from 'vitest'
import { renderComparisonMarkdown } from '../../../src/report/comparison/comparison-markdown.ts'
import { COMPARISON, COMPARISONS } from '../../support/comparison-fixture.ts'

describe('renderComparisonMarkdown', () => {
  const markdown = renderComparisonMarkdown(COMPARISON)

  it('begins with the verdict and has both sides', () => {
    expect(markdown).toMatch(/^## warn: rank: 1 regressed, 1 improved, 1 equivalent, 1 inconclusive\n/)
    expect(markdown).toMatch(/\| base \| results\/20261121T021700Z-rank-1a2b3c4 \| VALID \|/)
    expect(markdown).toMatch(/\| head \| .* \| SUSPECT \|/)
    expect(markdown).toContain('- **differs**: options: scenarios.main.rate 80 against 100')
  })

  it('has a row for each figure, the worst first', () => {
    const rows = markdown
      .split('\n')
      .filter((line) => / (?:p99|per second|sent|cap) ?/.test(line) && line.startsWith('|'))
    expect(rows).toEqual([
      String.raw`| **regressed** | all | response time p99, accepted | 251 ms | 312 ms | +24.3 % | \[+15.0 … +34.2 %\] | within-run only |`,
      String.raw`| **improved** | all | accepted per second | 48.5/s | 51.2/s | +5.6 % | \[+3.0 … +8.0 %\] | within and between runs |`,
      String.raw`| equivalent | rank | server errors / sent | 1 % | 1 % | +0.03 pp | \[-0.04 … +0.09 pp\] | between runs |`,
      String.raw`| inconclusive | rank | accepted / cap | - | 98 % | - | - | no interval |`,
    ])
  })

  it('says what the intervals cover, what was throttled and what to doubt', () => {
    expect(markdown).toContain('within-run only: such an interval covers')
    expect(markdown).toContain('- throttled, all: base 25 % (24.8 % expected from the cap), head 40 %')
    expect(markdown).toContain('- warning: one run a side: give several with --base')
    expect(markdown).toContain('- host: runner-7 against runner-8')
  })

  it('lets no name become markup', () => {
    const comparisons = COMPARISONS.map((each) => ({ ...each, name: '<b>|`x`' }))
    expect(renderComparisonMarkdown({ ...COMPARISON, comparisons })).not.toMatch(/(?<!\\)<b>|(?<!\\)`/)
  })
})
