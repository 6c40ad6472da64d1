import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readNights } from '../../src/run-files/nights-reader.ts'
import { RunDirectory } from '../../src/run-files/run-directory.ts'
import { readRunsLog } from '../../src/run-files/runs-reader.ts'
import { END, FACTS, SUMMARY } from '../support/summary-fixture.ts'

const SPAN = { warmupUs: 0, loadEndUs: 300_000_000, keepsRequests: false }
const COLUMNS = ['response_time_accepted_p50_ms', 'never_heard_of']
const NAMES = new Map([
  ['_all', { response_time_accepted_p50_ms: 46.1, never_heard_of: undefined }],
  ['rank', { response_time_accepted_p50_ms: 40.1, never_heard_of: undefined }],
  ['reward', { response_time_accepted_p50_ms: 61.1, never_heard_of: undefined }],
])

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-nights-reader-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function writeRun(runId: string): Promise<string> {
  const directory = await RunDirectory.create(root, { ...FACTS, runId }, SPAN)
  await directory.finish(SUMMARY, END)
  return directory.path
}

async function read(): Promise<Awaited<ReturnType<typeof readNights>>> {
  return readNights(root, await readRunsLog(join(root, 'runs.csv'), COLUMNS), COLUMNS)
}

describe('past runs', () => {
  it('have their line, and figures by name and options from their directory', async () => {
    await writeRun('aaaaaaa1')
    expect(await read()).toEqual([
      {
        runId: 'aaaaaaa1',
        startedAt: '2026-11-21T02:17:00.000Z',
        scenario: FACTS.scenario,
        scriptSha256: FACTS.scriptSha256,
        optionsSha256: FACTS.optionsSha256,
        targetKind: 'mock',
        target: FACTS.target,
        nodeVersion: FACTS.nodeVersion,
        host: FACTS.host,
        commit: FACTS.commit,
        exitCode: END.exitCode,
        figures: NAMES.get('_all'),
        names: NAMES,
      },
    ])
  })

  it('are told from others whose directories are called the same', async () => {
    await writeRun('aaaaaaa1')
    const other = await writeRun('aaaaaaa2')
    expect(other).toMatch(/-aaaaaaa-2$/)
    expect((await read()).map(({ names }) => names?.size)).toEqual([3, 3])
    await rm(other, { recursive: true })
    expect((await read()).map(({ names }) => names?.size)).toEqual([3, undefined])
  })

  it.each([
    ['gone', async (path: string) => rm(path, { recursive: true })],
    ['called something else', async (path: string) => rename(path, join(root, 'kept'))],
    ['without a manifest', async (path: string) => rm(join(path, 'manifest.json'))],
    ['without a summary', async (path: string) => rm(join(path, 'summary.csv'))],
    [
      'of a newer version',
      async (path: string) => writeFile(join(path, 'summary.csv'), 'schema_version\n9\n'),
    ],
  ])('have their line alone when their directory is %s', async (_story, spoil) => {
    await spoil(await writeRun('aaaaaaa1'))
    expect(await read()).toMatchObject([{ runId: 'aaaaaaa1', figures: NAMES.get('_all'), names: undefined }])
  })
})
