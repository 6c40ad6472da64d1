import { describe, expect, it } from 'vitest'
import type { RunSummary, ThresholdResult } from '../../src/measure/summary.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { IDENTITY } from '../support/identity-fixture.ts'
import { golden } from '../support/golden.ts'
import { IDLE_NAME, SUMMARY } from '../support/summary-fixture.ts'

function linesOf(summary: Partial<RunSummary>, identity: Partial<typeof IDENTITY> = {}): string[] {
  return renderMarkdown({ ...IDENTITY, ...identity }, { ...SUMMARY, ...summary }).split('\n')
}

/** Cells of a table row; a bar in text is escaped. */
function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/).slice(1, -1)
}

describe('summary.md', () => {
  it('says first whether the run passed, then everything else', () => {
    const text = renderMarkdown(IDENTITY, SUMMARY)
    expect(text).toBe(golden('summary.md', text))
  })

  it('has tables whose rows are as long as their heads, whatever the names are', () => {
    const name = 'a | b\n| c <img src=x> `d` \\| [e](f)'
    const [all, rank] = SUMMARY.names
    const names = [all, { ...rank, name }] as RunSummary['names']
    const thresholds = SUMMARY.thresholds.map((each) => ({ ...each, metric: name }))
    const lines = linesOf({ names, thresholds, warnings: [name] })
    const tables = lines
      .join('\n')
      .split(/\n\n+/)
      .filter((block) => block.startsWith('|'))
    expect(tables.length).toBeGreaterThan(3)
    for (const table of tables) {
      const widths = table.split('\n').map((line) => cellsOf(line).length)
      expect(new Set(widths).size).toBe(1)
    }
    expect(lines.join('\n')).not.toMatch(/(?<!\\)<img|(?<!\\)`d|(?<!\\)\[e/)
  })

  it('puts failed thresholds first and says where the others are', () => {
    const [passed] = SUMMARY.thresholds
    const many = Array.from({ length: 30 }, (_, i) => ({ ...passed, metric: `m${i}` }) as ThresholdResult)
    const failed = { ...passed, metric: 'late', result: 'fail' } as ThresholdResult
    const lines = linesOf({ thresholds: [...many, failed] })
    const first = lines.findIndex((line) => line.startsWith('|  | Threshold'))
    expect(lines[first + 2]).toContain('**FAIL** | late')
    expect(lines).toContain('(11 more in thresholds.csv)')
  })

  it('stays small with two hundred long names', () => {
    const names = Array.from({ length: 200 }, (_, i) => ({
      ...IDLE_NAME,
      ...SUMMARY.names[1],
      name: `${i}${'x'.repeat(2_000)}`,
    }))
    expect(linesOf({ names: [...SUMMARY.names, ...names] }).join('\n').length).toBeLessThan(60_000)
  })

  it('a run that sent nothing has not passed', () => {
    const [all] = SUMMARY.names
    const names = [{ ...all, sentCount: 0 }] as RunSummary['names']
    const [first] = linesOf({ names, thresholds: [] }, { exitCode: 0 })
    expect(first).toBe('## warn: personalizer-rank-reward: nothing was sent: the warnings say what to check')
  })

  it('can tell of a run without any reply, and of one that was cut off', () => {
    const lines = linesOf({ names: [{ ...IDLE_NAME, name: '_all' }], thresholds: [] }, { exitCode: 105 })
    expect(lines[0]).toBe(
      '## FAIL: personalizer-rank-reward: interrupted: the figures cover what ran (exit code 105)',
    )
    expect(lines.join('\n')).not.toContain('Response time')
  })

  it('tells of an import neither offered requests nor retries, seed or Node', () => {
    const lines = linesOf({}, { targetKind: 'imported', nodeVersion: '' })
    expect(lines.find((line) => line.startsWith('| Requests'))).toMatch(/^\| Requests \| sent [\d,]+ \(/)
    expect(lines.join('\n')).not.toMatch(/retries|offered|Operations|\| seed|\| Node/)
  })
})
