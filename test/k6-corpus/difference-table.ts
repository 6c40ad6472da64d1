import { ASPECTS, type Comparison, isSame } from './comparison.ts'

/** One line for each script, with what differs below it, and a last line that counts. */
export function differenceTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ name, differences }) => [
    name,
    ...ASPECTS.map((aspect) => (differences[aspect].length === 0 ? 'same' : 'DIFFERS')),
  ])
  const table = [['script', ...ASPECTS], ...rows]
  const widths = ['script', ...ASPECTS].map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  const [head = '', ...body] = lines.map((line) => line.trimEnd())
  const details = comparisons.map((comparison) => detailsOf(comparison))
  const sameCount = comparisons.filter(isSame).length
  return [
    head,
    ...body.flatMap((line, index) => [line, ...(details[index] ?? [])]),
    `${sameCount} of ${comparisons.length} scripts do the same with headroom as with k6`,
  ].join('\n')
}

/** Differences read: what headroom has, expected what k6 has. */
function detailsOf({ differences }: Comparison): string[] {
  return ASPECTS.flatMap((aspect) => differences[aspect].map((text) => `    ${text}`))
}
