import type { CheckResult } from '../measure/summary.ts'
import { marked, type Line } from './layout.ts'

/** A check; one that failed with its counts below. */
export function checkLines({ name, passes, fails }: CheckResult, indent: number): Line[] {
  const space = ' '.repeat(indent)
  if (fails === 0) return [marked(`${space}✓ ${name}`, '✓', 'good')]
  const share = Math.floor((100 * passes) / (passes + fails))
  return [
    marked(`${space}✗ ${name}`, '✗', 'bad'),
    { text: `${space}  ↳  ${share}% — ✓ ${passes} / ✗ ${fails}` },
  ]
}
