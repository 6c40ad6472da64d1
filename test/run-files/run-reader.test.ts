import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { RunDirectory } from '../../src/run-files/run-directory.ts'
import { RunReader } from '../../src/run-files/run-reader.ts'
import { END, FACTS, SECOND, SUMMARY } from '../support/summary-fixture.ts'

const SPAN = { warmupUs: 0, loadEndUs: 300_000_000, keepsRequests: false }

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-run-reader-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function writeRun(summary: typeof SUMMARY = SUMMARY, facts: typeof FACTS = FACTS): Promise<string> {
  const directory = await RunDirectory.create(root, facts, SPAN)
  directory.appendSeconds([SECOND, { ...SECOND, name: 'rank' }])
  directory.appendSeconds([{ ...SECOND, second: 1, phase: 'drain', sentCount: 0 }])
  await directory.finish(summary, END)
  return directory.path
}

async function change(path: string, name: string, by: (text: string) => string): Promise<void> {
  await writeFile(join(path, name), by(await readFile(join(path, name), 'utf8')))
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return (error as UserError).message
}

describe('RunReader', () => {
  it('gives back who ran what', async () => {
    const { identity } = await RunReader.open(await writeRun())
    expect(identity).toMatchObject({
      runId: FACTS.runId,
      scenario: FACTS.scenario,
      time: 'real',
      epochMs: FACTS.epochMs,
      exitCode: END.exitCode,
      host: FACTS.host,
      cpuCount: 2,
      branch: 'main',
      target: FACTS.target,
      capConcurrency: undefined,
    })
  })

  it.each([
    ['the script', { options: { headroom: { cap: { concurrency: 40 } } } }, 40],
    ['the only resource of the mock', { mockConfig: { resources: [{ name: 'a', concurrency: 60 }] } }, 60],
    [
      'no one of several resources',
      { mockConfig: { resources: [{ concurrency: 1 }, { concurrency: 2 }] } },
      undefined,
    ],
  ])('has the concurrency cap that %s names', async (_story, facts, cap) => {
    const { identity } = await RunReader.open(await writeRun(SUMMARY, { ...FACTS, ...facts }))
    expect(identity.capConcurrency).toBe(cap)
  })

  it('gives back the summary and its histograms as they were', async () => {
    const run = await RunReader.open(await writeRun())
    const { histograms: _, ...stored } = SUMMARY
    expect(run.summary).toMatchObject(JSON.parse(JSON.stringify(stored)) as object)
    expect(await run.histograms()).toEqual(SUMMARY.histograms)
  })

  it('gives back the seconds of one name as far as the file has them', async () => {
    const run = await RunReader.open(await writeRun())
    const [first, second, ...more] = await run.seconds('_all')
    const { minUs: _a, p90Us: _b, p999Us: _c, meanUs: _d, ...kept } = SECOND.responseTimeAccepted
    expect(first).toMatchObject({ ...SECOND, responseTimeAccepted: kept })
    expect(second).toMatchObject({ second: 1, phase: 'drain', sentCount: 0 })
    expect(more).toEqual([])
    expect(await run.seconds('rank')).toHaveLength(1)
    expect(run.lacks).toEqual([])
  })

  it.each(['=1+1', '+a', '-b', '@c', "it's", '"quoted", with comma\r\nand lines'])(
    'gives back the name %j that a spreadsheet must not run',
    async (name) => {
      const histograms = SUMMARY.histograms.map((rows) => ({ ...rows, name }))
      const run = await RunReader.open(await writeRun({ ...SUMMARY, histograms }))
      expect((await run.histograms())[0]?.name).toBe(name)
    },
  )

  it('finds its runs of the same scenario and target in runs.csv', async () => {
    await writeRun(SUMMARY, { ...FACTS, runId: 'first' })
    await writeRun(SUMMARY, { ...FACTS, runId: 'other', scenario: 'other' })
    await writeRun(SUMMARY, { ...FACTS, runId: 'elsewhere', target: 'mock:other' })
    const run = await RunReader.open(await writeRun())
    expect(await run.history(['throttled_ratio', 'never_heard_of'])).toEqual([
      expect.objectContaining({ runId: 'first' }),
      {
        runId: FACTS.runId,
        startedAt: '2026-11-21T02:17:00.000Z',
        commit: FACTS.commit,
        exitCode: 99,
        figures: { throttled_ratio: 0.256, never_heard_of: undefined },
      },
    ])
  })

  it('has no history where there is no runs.csv, and says so of one that cannot be read', async () => {
    const run = await RunReader.open(await writeRun())
    await writeFile(join(root, 'runs.csv'), 'a,b\r\n1,"2\r\n')
    expect(await run.history(['throttled_ratio'])).toEqual([])
    expect(run.lacks).toEqual([expect.stringContaining('runs.csv cannot be read')])
    await rm(join(root, 'runs.csv'))
    expect(await run.history(['throttled_ratio'])).toEqual([])
  })

  it('leaves out the line that a killed process did not finish', async () => {
    const path = await writeRun()
    await change(path, 'timeseries.csv', (text) => text.slice(0, -20))
    expect(await (await RunReader.open(path)).seconds('_all')).toHaveLength(1)
  })
})

describe('a run of another version', () => {
  it('lacks columns, and says which', async () => {
    const path = await writeRun()
    await change(path, 'timeseries.csv', (text) =>
      text.replaceAll(/,[^,\r\n]*,[^,\r\n]*(?=\r\n)/g, '').replace('cap_rps', 'cap_before'),
    )
    const run = await RunReader.open(path)
    const [first] = await run.seconds('_all')
    expect(first).toMatchObject({ capRps: undefined, iterationsDueCount: undefined, sentCount: 67 })
    expect(run.lacks).toEqual([
      'timeseries.csv has no cap_rps, iterations_due_count, iterations_dropped_count',
    ])
  })

  it('lacks the log of latencies, and says so', async () => {
    const path = await writeRun()
    await rm(join(path, 'latency.hlog'))
    const run = await RunReader.open(path)
    expect(await run.latencyIntervals()).toEqual([])
    expect(run.lacks).toEqual(['latency.hlog is not there'])
    await run.latencyIntervals()
    expect(run.lacks).toHaveLength(1)
  })

  it('lacks facts of the manifest and lists of the summary', async () => {
    const path = await writeRun()
    const manifest = { schemaVersion: 1, runId: 'old', epoch: '2026-11-21T02:17:00.000Z' }
    await writeFile(join(path, 'manifest.json'), JSON.stringify(manifest))
    await change(path, 'summary.json', (text) => {
      const { checks: _, warnings: _w, ...older } = JSON.parse(text) as Record<string, unknown>
      return JSON.stringify(older)
    })
    const { identity, summary } = await RunReader.open(path)
    expect(identity).toMatchObject({ runId: 'old', host: '', exitCode: undefined })
    expect(identity.cpuCount).toBeUndefined()
    expect(summary).toMatchObject({ checks: [], warnings: [] })
  })

  it.each(['manifest.json', 'summary.json'])('is refused when %s may mean something else', async (name) => {
    const path = await writeRun()
    await change(path, name, (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'))
    expect(await failureOf(RunReader.open(path))).toMatch(/schema_version is 2.*up to 1\n.*newer headroom/)
  })

  it('is refused when timeseries.csv may mean something else', async () => {
    const path = await writeRun()
    await change(path, 'timeseries.csv', (text) => text.replaceAll('\n1,', '\n2,'))
    const run = await RunReader.open(path)
    expect(await failureOf(run.seconds('_all'))).toContain('timeseries.csv: its schema_version is 2')
  })
})

describe('what is no finished run', () => {
  it.each([
    ['nothing', async () => join(root, 'nowhere'), /no such directory/],
    ['an empty directory', async () => root, /there is no manifest\.json/],
    [
      'the folder of all runs',
      async () => {
        await writeRun()
        return root
      },
      /give the directory of one of them/,
    ],
    [
      'a run that was killed',
      async () => (await RunDirectory.create(root, FACTS, SPAN)).path,
      /no summary\.json: the run is still under way or was killed/,
    ],
    [
      'a broken summary',
      async () => {
        const path = await writeRun()
        await writeFile(join(path, 'summary.json'), '{')
        return path
      },
      /summary\.json: cannot be read/,
    ],
    [
      'another summary.json, with every fault at once',
      async () => {
        const path = await writeRun()
        await writeFile(join(path, 'summary.json'), '{"schemaVersion":1,"durationS":"1"}')
        return path
      },
      /durationS: .*\n[^]*names: /,
    ],
  ])('%s is refused', async (_story, make, message) => {
    expect(await failureOf(RunReader.open(await make()))).toMatch(message)
  })
})
