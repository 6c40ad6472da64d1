import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EXIT, UserError } from '../../src/core/errors.ts'
import { RequestLog } from '../../src/measure/request-log.ts'
import { GrowingFile } from '../../src/run-files/growing-file.ts'
import { RunDirectory } from '../../src/run-files/run-directory.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { REQUEST } from '../support/request-fixture.ts'
import { END, FACTS, SECOND, SUMMARY } from '../support/summary-fixture.ts'

const SPAN = { warmupUs: 0, loadEndUs: 300_000_000, keepsRequests: false }

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-run-directory-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function wholeRun(out: string = root, facts: typeof FACTS = FACTS): Promise<RunDirectory> {
  const directory = await RunDirectory.create(out, facts, SPAN)
  directory.appendSeconds([SECOND, { ...SECOND, name: 'rank' }])
  directory.appendSeconds([{ ...SECOND, second: 1 }])
  await directory.finish(SUMMARY, END)
  return directory
}

async function read(...parts: string[]): Promise<string> {
  return readFile(join(...parts), 'utf8')
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('RunDirectory', () => {
  it('is named by time, scenario and id', async () => {
    const facts = { ...FACTS, scenario: '../what a/näme' }
    expect(basename((await wholeRun()).path)).toBe('20261121T021700Z-personalizer-rank-reward-1a2b3c4')
    expect(basename((await wholeRun(root, facts)).path)).toBe('20261121T021700Z-..-what-a-n-me-1a2b3c4')
  })

  it('holds every file and no temporary one', async () => {
    const { path } = await wholeRun()
    expect((await readdir(path)).sort()).toEqual([
      'burst.csv',
      'histogram.csv',
      'latency.hlog',
      'manifest.json',
      'summary.csv',
      'summary.json',
      'thresholds.csv',
      'timeseries.csv',
    ])
    expect((await readdir(root)).sort()).toEqual([basename(path), 'runs.csv'])
  })

  it('appends seconds in order', async () => {
    const { path } = await wholeRun()
    const rows = readCsvRows(await read(path, 'timeseries.csv'))
    expect(rows.map((row) => [row['second'], row['name']])).toEqual([
      ['0', '_all'],
      ['0', 'rank'],
      ['1', '_all'],
    ])
  })

  it('has every request when it is to keep them', async () => {
    const directory = await RunDirectory.create(root, FACTS, { ...SPAN, keepsRequests: true })
    const log = new RequestLog()
    for (const vuId of [1, 2]) {
      log.add({ ...REQUEST, vuId })
      const batch = log.take()
      if (batch !== undefined) directory.appendRequests(batch)
    }
    await directory.finish(SUMMARY, END)
    const bytes = await readFile(join(directory.path, 'requests.csv.gz'))
    const rows = readCsvRows(gunzipSync(bytes).toString())
    expect(rows.map(({ vu }) => vu)).toEqual(['1', '2'])
    expect(await read(directory.path, 'manifest.json')).toContain('requests.csv.gz')
  })

  it('lists its files with size and hash in the manifest', async () => {
    const { path } = await wholeRun()
    const { files } = JSON.parse(await read(path, 'manifest.json')) as {
      files: { name: string; sizeBytes: number; sha256: string }[]
    }
    expect(files.map((file) => file.name)).toContain('timeseries.csv')
    expect(files).toHaveLength(7)
    for (const file of files) {
      const bytes = await readFile(join(path, file.name))
      expect(file.sizeBytes).toBe(bytes.length)
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('can be told apart while the run goes on', async () => {
    const directory = await RunDirectory.create(root, FACTS, SPAN)
    expect(JSON.parse(await read(directory.path, 'manifest.json'))).toMatchObject({
      runId: FACTS.runId,
      exitCode: null,
    })
    await directory.finish(SUMMARY, END)
    expect(JSON.parse(await read(directory.path, 'manifest.json'))).toMatchObject({ exitCode: 99 })
  })

  it('gives a second run of the same second another name', async () => {
    const paths = [await wholeRun(), await wholeRun(), await wholeRun()].map((directory) =>
      basename(directory.path),
    )
    expect(new Set(paths).size).toBe(3)
    expect(paths[2]).toBe(`${paths[0] ?? ''}-3`)
  })

  it('is the same to the byte when a run in virtual time is repeated at another hour', async () => {
    const virtual = { ...FACTS, time: 'virtual' as const, epochMs: Date.UTC(2000, 0, 1) }
    const first = await wholeRun(root, virtual)
    const second = await wholeRun(root, { ...virtual, wallStartedAtMs: FACTS.wallStartedAtMs + 3_600_000 })
    expect(basename(first.path)).toContain('20261121T021700Z')
    const names = (await readdir(first.path)).filter((name) => name.endsWith('.csv'))
    expect(names).toHaveLength(5)
    for (const name of names) expect(await read(second.path, name)).toBe(await read(first.path, name))
    expect(await read(first.path, 'timeseries.csv')).toContain(',2000-01-01T00:00:01.000Z,')
  })

  it('refuses a place that cannot hold it, leaving nothing', async () => {
    await writeFile(join(root, 'file'), '')
    const error = await failure(RunDirectory.create(join(root, 'file', 'results'), FACTS, SPAN))
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).exitCode).toBe(EXIT.usage)
    expect((error as UserError).message).toContain('--out')
    expect(await readdir(root)).toEqual(['file'])
  })

  it('leaves no file open when the next one cannot be', async () => {
    const create = GrowingFile.create.bind(GrowingFile)
    const closed: string[] = []
    vi.spyOn(GrowingFile, 'create').mockImplementation(async (path) => {
      if (path.endsWith('latency.hlog'))
        throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
      const file = await create(path)
      const close = file.close.bind(file)
      vi.spyOn(file, 'close').mockImplementation(() => {
        closed.push(basename(path))
        return close()
      })
      return file
    })
    const error = await failure(RunDirectory.create(root, FACTS, SPAN))
    vi.restoreAllMocks()
    expect(error).toMatchObject({ exitCode: EXIT.usage })
    expect(closed).toEqual(['timeseries.csv'])
    expect(await readdir(root)).toEqual([])
  })

  it('writes the other files when one cannot be written, and then says so', async () => {
    const directory = await RunDirectory.create(root, FACTS, SPAN)
    await mkdir(join(directory.path, 'burst.csv', 'in-the-way'), { recursive: true })
    const error = await failure(directory.finish(SUMMARY, END))
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).exitCode).toBe(EXIT.internal)
    const names = await readdir(directory.path)
    expect(names).toEqual(expect.arrayContaining(['summary.csv', 'thresholds.csv', 'manifest.json']))
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(readCsvRows(await read(root, 'runs.csv'))).toHaveLength(1)
  })
})

describe('runs.csv', () => {
  it('grows by one row per run', async () => {
    await wholeRun()
    await wholeRun(root, { ...FACTS, runId: 'second00' })
    const rows = readCsvRows(await read(root, 'runs.csv'))
    expect(rows.map((row) => row['run_id'])).toEqual([FACTS.runId, 'second00'])
  })

  it('keeps a file with other columns and starts a new one', async () => {
    await writeFile(join(root, 'runs.csv'), 'schema_version,run_id\r\n0,old\r\n')
    await writeFile(join(root, 'runs.csv.old-1'), 'older still')
    const directory = await RunDirectory.create(root, FACTS, SPAN)
    expect(await directory.finish(SUMMARY, END)).toBe(join(root, 'runs.csv.old-2'))
    expect(await read(root, 'runs.csv.old-2')).toBe('schema_version,run_id\r\n0,old\r\n')
    expect(await read(root, 'runs.csv.old-1')).toBe('older still')
    expect(readCsvRows(await read(root, 'runs.csv'))).toHaveLength(1)
  })

  it('goes on behind a header that only begins like ours by starting a new file', async () => {
    await wholeRun()
    const text = await read(root, 'runs.csv')
    await writeFile(join(root, 'runs.csv'), text.replace('\r\n', ',added_count\r\n'))
    await wholeRun()
    expect((await readdir(root)).filter((name) => name.startsWith('runs.csv')).sort()).toEqual([
      'runs.csv',
      'runs.csv.old-1',
    ])
  })

  it.each([
    [
      'a spreadsheet saved it with a BOM and bare line feeds',
      (text: string) => `\uFEFF${text.replaceAll('\r\n', '\n')}`,
    ],
    ['its last line was cut short', (text: string) => text.slice(0, -30)],
    ['it is empty', () => ''],
  ])('is appended to when %s', async (_story, change) => {
    await wholeRun()
    const changed = change(await read(root, 'runs.csv'))
    await writeFile(join(root, 'runs.csv'), changed)
    await wholeRun(root, { ...FACTS, runId: 'second00' })
    expect((await readdir(root)).filter((name) => name.includes('.old-'))).toEqual([])
    const lines = (await read(root, 'runs.csv')).split(/\r?\n/)
    expect(lines.at(-2)).toMatch(/^1,second00,/)
    expect(lines[0]?.replace('\uFEFF', '')).toMatch(/^schema_version,run_id,/)
  })
})
