/** What a person sees: on a terminal a block that is rewritten in place, elsewhere plain lines. */
import { describe, expect, it } from 'vitest'
import { headroom, type Terminal } from './command.ts'
import { screenOf } from './screen.ts'
import { workplace, type ScriptParts } from './script.ts'

const ESCAPE = String.fromCodePoint(27)
const COLOURED = (_style: string, text: string): string => `${ESCAPE}[1m${text}${ESCAPE}[0m`

async function seen(script: ScriptParts, terminal: Terminal, ...flags: readonly string[]): Promise<string> {
  const { folder } = workplace(script)
  const end = await headroom(['run', 'script.ts', '--virtual', ...flags], { ...terminal, cwd: folder })
  return end.stderr
}

describe('on a terminal', () => {
  it.each([60, 80, 120])('of %i columns leaves one block and the summary', async (columns) => {
    const body = "console.log(`iteration ${__ITER}`); http.get(__ENV.TARGET, { tags: { name: 'a' } })"
    const text = await seen({ mock: 'custom,tps=10', body }, { columns, style: COLOURED })
    expect(text).toContain(ESCAPE)
    const { lines, cursorShows } = screenOf(text)
    expect(cursorShows).toBe(true)
    expect(lines.filter((line) => line.includes('generator'))).toHaveLength(2)
    expect(lines.filter((line) => line.startsWith('script  drain'))).toHaveLength(1)
    expect(lines.filter((line) => line === 'iteration 0')).toHaveLength(1)
    expect(lines.some((line) => line.startsWith('Outcome     accepted 20'))).toBe(true)
    const long = lines.filter((line) => line.length > columns && !line.startsWith('results/'))
    expect(long).toEqual([])
  })

  it('shows the cursor again after an error', async () => {
    const text = await seen({ mock: 'custom', body: '[1].toString(http.get.x.y)' }, { columns: 80 })
    expect(screenOf(text).cursorShows).toBe(true)
  })

  it('shows it when setup fails', async () => {
    const module = "export function setup() { throw new Error('no') }"
    const text = await seen({ mock: 'custom', module }, { columns: 80 })
    expect(screenOf(text).cursorShows).toBe(true)
  })
})

describe('elsewhere', () => {
  it.each<[string, Terminal]>([
    ['a pipe', {}],
    ['a dumb terminal', { columns: 80, env: { TERM: 'dumb' } }],
    ['a terminal too narrow for the block', { columns: 40 }],
  ])('%s gets lines without escape codes', async (_what, terminal) => {
    const text = await seen({ mock: 'custom,tps=10' }, terminal)
    expect(text).not.toContain(ESCAPE)
    expect(text).toMatch(/^time +phase/)
    expect(text).toContain('Outcome     accepted 20')
  })

  it('--quiet has none at all', async () => {
    expect(await seen({ mock: 'custom' }, { columns: 80, style: COLOURED }, '--quiet')).toBe('')
  })

  it('--dry-run prints the plan and sends nothing', async () => {
    const text = await seen({ mock: 'custom,tps=10' }, {}, '--dry-run')
    expect(text).toMatch(/^ok +script\.ts: .*no faults\n/)
    expect(text).toContain('target mock:custom,tps=10, cap 10/s, seed 1')
    expect(text).toContain('main: constant-arrival-rate for 2s, 20 iterations per 1s, at most 500 VUs')
    expect(text).toContain('40 iterations are planned')
    expect(text).toMatch(/Nothing was sent\.\n$/)
  })

  it('--dry-run warns of thresholds that throttled replies make look better', async () => {
    const thresholds = {
      http_req_duration: ['p(95)<100'],
      'http_req_duration{expected_response:true}': ['p(95)<100'],
    }
    const text = await seen({ mock: 'custom', options: { thresholds } }, {}, '--dry-run')
    expect(text.match(/^warning: .*$/gm)).toEqual([
      expect.stringMatching(/^warning: http_req_duration counts throttled replies/),
    ])
  })
})
