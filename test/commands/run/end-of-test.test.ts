import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { endTest, needsK6Figures, type EndOfTest } from '../../../src/commands/run/end-of-test.ts'
import type { PreparedRun } from '../../../src/commands/run/prepare.ts'
import { Secrets } from '../../../src/commands/run/secrets.ts'
import type { SummaryReply } from '../../../src/commands/run/summary-reply.ts'
import type { SummaryRequest } from '../../../src/commands/run/summary-request.ts'
import type { K6Data } from '../../../src/report/k6-data.ts'
import { plainStyler } from '../../../src/report/style.ts'
import { smallRun } from '../../support/k6-facts.ts'

const PLAN = { trendStats: ['avg', 'p(99)'], timeUnit: '', handleTimeoutUs: 1, hiddenTags: [] } as const

function prepared(summary: Partial<SummaryRequest>, exports: readonly string[]): PreparedRun {
  const request = { summary: { mode: 'headroom', exportPath: undefined, ...summary } }
  return { request, exports, plan: { summary: PLAN } } as unknown as PreparedRun
}

interface Ending extends EndOfTest {
  readonly folder: string
  readonly errors: string
  /** What the script got. */
  readonly seen: readonly K6Data[]
}

async function end(
  summary: Partial<SummaryRequest>,
  handle?: (data: K6Data) => SummaryReply,
  secretValues: readonly string[] = [],
): Promise<Ending> {
  const folder = temporaryFolder()
  const seen: K6Data[] = []
  let errors = ''
  const stream = { isTTY: false, columns: undefined, style: plainStyler, write: () => {} }
  const io = {
    stdout: stream,
    stderr: { ...stream, write: (text: string) => void (errors += text) },
    env: {},
    cwd: folder,
    onInterrupt: () => () => {},
    quit: () => {},
  }
  const run = prepared(summary, handle === undefined ? ['default'] : ['default', 'handleSummary'])
  const facts = smallRun({ play: (stage) => stage.request(10) })
  const ended = await endTest(run, facts, {
    io,
    secrets: new Secrets(secretValues),
    handleSummary: async (data) => {
      seen.push(data)
      if (handle === undefined) throw new Error('the script has none')
      return handle(data)
    },
  })
  return { ...ended, folder, errors, seen }
}

function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function outputs(values: Readonly<Record<string, string | Uint8Array>>): SummaryReply {
  return { outputs: Object.entries(values).map(([to, content]) => ({ to, content })), faults: [] }
}

describe('endTest', () => {
  it('does nothing of k6 unless it is asked to', async () => {
    const ended = await end({})
    expect(ended).toMatchObject({ summaryText: undefined, stdout: '', stderr: '', errors: '', seen: [] })
    expect(needsK6Figures(prepared({}, ['default']))).toBe(false)
  })

  it('writes what the script returns where it belongs, over what was there', async () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0xfe)
    const ended = await end({}, () =>
      outputs({ stdout: 'out', stderr: 'err', 'a.txt': 'text', 'b.bin': bytes }),
    )
    expect(ended).toMatchObject({ stdout: 'out', stderr: 'err', summaryText: undefined, errors: '' })
    expect(readFileSync(join(ended.folder, 'a.txt'), 'utf8')).toBe('text')
    expect(new Uint8Array(readFileSync(join(ended.folder, 'b.bin')))).toEqual(bytes)
    const [data] = ended.seen
    expect(data?.options).toEqual({
      summaryTrendStats: ['avg', 'p(99)'],
      summaryTimeUnit: '',
      noColor: false,
    })
    expect(data?.metrics['http_req_duration']?.values).toEqual({ avg: 10, 'p(99)': 10 })
  })

  it('tells what cannot be written, and writes the rest', async () => {
    const ended = await end({}, () => outputs({ 'no/folder/a.txt': 'text', 'b.txt': 'text' }))
    expect(ended.errors).toMatch(/^error: the summary was not written to no\/folder\/a\.txt: ENOENT.*\n$/)
    expect(readFileSync(join(ended.folder, 'b.txt'), 'utf8')).toBe('text')
  })

  it("falls back to k6's summary when the script's fails", async () => {
    const failed = (): SummaryReply => ({ outputs: undefined, faults: ['handleSummary() failed: why'] })
    const ended = await end({ mode: 'compact', exportPath: 'export.json' }, failed)
    expect(ended.errors).toBe('error: handleSummary() failed: why\n')
    expect(ended.summaryText).toContain('█ TOTAL RESULTS')
    expect(JSON.parse(readFileSync(join(ended.folder, 'export.json'), 'utf8'))).toHaveProperty('metrics')
    const thrown = await end({}, () => {
      throw new Error('the thread is gone')
    })
    expect(thrown).toMatchObject({ stdout: '', summaryText: undefined })
    expect(thrown.errors).toContain('handleSummary() was not carried out: the thread is gone')
  })

  it.each(['compact', 'full', 'legacy'] as const)("prints k6's summary, %s", async (mode) => {
    const { summaryText } = await end({ mode })
    expect(summaryText).toContain('http_req_duration')
    expect((await end({ mode }, () => outputs({ stdout: 'own' }))).summaryText).toBeUndefined()
  })

  it('calls and writes nothing when summaries are off', async () => {
    const ended = await end({ mode: 'disabled', exportPath: 'export.json' }, () =>
      outputs({ 'a.txt': 'text' }),
    )
    expect(ended.seen).toEqual([])
    expect(() => readFileSync(join(ended.folder, 'a.txt'))).toThrow('ENOENT')
    expect(() => readFileSync(join(ended.folder, 'export.json'))).toThrow('ENOENT')
  })

  it('lets no value of -e out, in texts or in bytes', async () => {
    const key = 'key-of-mine'
    const bytes = new TextEncoder().encode(`key=${key}`)
    const written = {
      stdout: key,
      stderr: `<${key}>`,
      'a.txt': `a ${key}`,
      'b.txt': bytes,
      [`${key}.txt`]: 'x',
    }
    const ended = await end({}, () => outputs(written), [key])
    expect(ended).toMatchObject({ stdout: '[redacted]', stderr: '<[redacted]>' })
    expect(readFileSync(join(ended.folder, 'a.txt'), 'utf8')).toBe('a [redacted]')
    expect(readFileSync(join(ended.folder, 'b.txt'), 'utf8')).toBe('key=[redacted]')
    // A path is where the user wants it.
    expect(readFileSync(join(ended.folder, `${key}.txt`), 'utf8')).toBe('x')
  })

  it('overwrites a longer file whole', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'long.txt')
    writeFileSync(path, 'a long text')
    await end({}, () => outputs({ [path]: 'short' }))
    expect(readFileSync(path, 'utf8')).toBe('short')
  })
})
