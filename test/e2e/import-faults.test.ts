/** What cannot be imported is told, and leaves nothing behind. */
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { goldenText, imported } from './imported.ts'
import { runDirectories } from './run-output.ts'

describe('headroom import refuses', () => {
  const EMPTY_K6 = `${goldenText('k6.csv').split('\n')[0]}\n`

  it.each<
    readonly [string, readonly string[], Readonly<Record<string, string | Uint8Array>>, readonly string[]]
  >([
    ['what is not there', ['gone.csv'], {}, ['gone.csv: cannot be read: ENOENT']],
    [
      'what it does not know, every file of it',
      ['a.csv', 'b.xml', 'c.csv'],
      { 'a.csv': 'x,y\n1,2\n', 'b.xml': '<testResults/>', 'c.csv': '' },
      [
        '3 faults',
        'a.csv: its first line',
        'b.xml: its first line',
        'XML is not read',
        'c.csv: its first line',
      ],
    ],
    ['two tools at once', ['k6.csv', 'jmeter.jtl'], {}, ['k6.csv (k6 CSV), jmeter.jtl (JMeter JTL)']],
    ['a file without a request', ['k6.csv'], { 'k6.csv': EMPTY_K6 }, ['there is no request in it']],
    [
      'a file of which no row can be read',
      ['a.jtl'],
      { 'a.jtl': 'timeStamp,elapsed,label,responseCode\nnow,1,a,200\n' },
      ['no row can be read: a.jtl, row 2: "now" is no time'],
    ],
    [
      'a compressed file that was cut off',
      ['a.csv.gz'],
      { 'a.csv.gz': gzipSync(goldenText('k6.csv').repeat(50)).subarray(0, 900) },
      ['a.csv.gz: cannot be read: unexpected end of file'],
    ],
    [
      'a compressed file of lines that was cut off',
      ['a.json.gz'],
      { 'a.json.gz': gzipSync(goldenText('k6.json').repeat(50)).subarray(0, 1_200) },
      ['a.json.gz: cannot be read: unexpected end of file'],
    ],
    [
      'a file given twice',
      ['k6.csv', 'again.csv'],
      { 'again.csv': goldenText('k6.csv') },
      ['again.csv: has the same content as k6.csv'],
    ],
    ['a status that is none', ['k6.csv', '--throttled', '5xx'], {}, ['it takes HTTP statuses']],
    ['no file', [], {}, ["missing required argument 'files'"]],
  ])('%s', async (_what, argv, files, messages) => {
    const end = await imported(argv, files)
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    for (const message of messages) expect(end.stderr).toContain(message)
    expect(existsSync(end.out)).toBe(false)
  })

  it('and leaves nothing behind when a file turns out to be cut off late', async () => {
    const [header = '', ...lines] = goldenText('k6.csv').trimEnd().split('\n')
    const later = lines.map((line) => line.replace(',17952274', ',17952284'))
    const whole = gzipSync(
      [header, ...lines, ...Array.from({ length: 3_000 }, () => later).flat()].join('\n'),
    )
    const end = await imported(['a.csv.gz'], { 'a.csv.gz': whole.subarray(0, -20) })
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    expect(end.stderr).toContain('unexpected end of file')
    // The folder is there: the run had begun.
    expect(existsSync(end.out)).toBe(true)
    expect(runDirectories(end.out)).toEqual([])
  })
})
