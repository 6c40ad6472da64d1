import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvFile, csvHeader, csvRows, ms, number, seconds, text } from '../../src/run-files/csv.ts'
import { readCsv } from '../support/csv-reader.ts'

interface Row {
  readonly label?: string | undefined
  readonly value?: number | undefined
}

const LABEL = [text<Row>('label', (row) => row.label), text<Row>('end', () => 'x')]

function written(value: number | undefined): string {
  return csvRows([number<Row>('value', (row) => row.value)], [{ value }]).trimEnd()
}

describe('csv', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [19_204, '19204'],
    [-2.5, '-2.5'],
    [1 / 3, '0.333333'],
    [0.1 + 0.2, '0.3'],
    [59.48, '59.48'],
    [0.001, '0.001'],
    [-0.25, '-0.25'],
    [8.2 * 0.1, '0.82'],
    [1_234.000_5, '1234.0005'],
    [0.000_012_345_678_9, '0.0000123457'],
    [1.5e-9, '0.0000000015'],
    [123_456_789_012.345, '123456789012.345'],
    [1e21, '1000000000000000000000'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
    [undefined, ''],
  ])('writes %s as "%s"', (value, digits) => {
    expect(written(value)).toBe(digits)
  })

  it('writes durations exact to the microsecond', () => {
    const columns = [ms<Row>('a_ms', (row) => row.value), seconds<Row>('b_s', (row) => row.value)]
    const line = (value: number | undefined): string => csvRows(columns, [{ value }])
    expect(line(1)).toBe('0.001,0.000001\r\n')
    expect(line(3_600_000_001)).toBe('3600000.001,3600.000001\r\n')
    expect(line(48_210.4567)).toBe('48.21,0.04821\r\n')
    expect(line(undefined)).toBe(',\r\n')
  })

  it('never writes an exponent or a digit of noise', () => {
    const columns = [ms<Row>('a_ms', (row) => row.value)]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000_000 }), (us) => {
        const digits = csvRows(columns, [{ value: us }]).trimEnd()
        const [whole = '', fraction = ''] = digits.split('.')
        expect(BigInt(whole + fraction.padEnd(3, '0'))).toBe(BigInt(us))
      }),
    )
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const digits = written(value)
        expect(digits).toMatch(/^-?\d+(?:\.\d+)?$/)
        expect(Math.abs(Number(digits) - value)).toBeLessThanOrEqual(Math.max(5e-7, Math.abs(value) * 1e-15))
      }),
    )
  })

  it('writes a row as the library does, whether it was asked or not', () => {
    const columns = [...LABEL, number<Row>('value', (row) => row.value)]
    // A row that needs quotes sends the whole file to the library.
    const awkward = { label: 'a,"b"' }
    const row = fc.record({
      label: fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 8 }), { nil: undefined }),
      value: fc.option(fc.double(), { nil: undefined }),
    })
    fc.assert(
      fc.property(row, (plain) => {
        expect(csvRows(columns, [plain, awkward])).toBe(
          csvRows(columns, [plain]) + csvRows(columns, [awkward]),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads back as it was written, whatever the text', () => {
    const safe = fc.string({ unit: 'binary', maxLength: 30 }).filter((label) => !isDefused(label))
    const awkward = fc.constantFrom('"', '""', ',', '\r', '\n', '\r\n', 'a"b,c\r\nd', ' a ', "'", 'ü', '€,')
    fc.assert(
      fc.property(fc.array(fc.oneof(safe, awkward), { maxLength: 5 }), (labels) => {
        const file = csvFile(
          LABEL,
          labels.map((label) => ({ label })),
        )
        const wanted = labels.map((label) => [isDefused(label) ? `'${label}` : label, 'x'])
        expect(readCsv(file)).toEqual([['label', 'end'], ...wanted])
      }),
      { numRuns: 50 },
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '-'])('defuses the text %j', (label) => {
    expect(readCsv(csvRows(LABEL, [{ label }]))).toEqual([[`'${label}`, 'x']])
  })

  it('does not defuse numbers', () => {
    expect(written(-1)).toBe('-1')
  })

  it('makes a header even where there is no row', () => {
    expect(csvFile(LABEL, [])).toBe('label,end\r\n')
    expect(csvHeader(LABEL)).toBe('label,end\r\n')
    expect(csvRows(LABEL, [])).toBe('')
  })
})

/** What spreadsheets take for a formula, full-width signs included. */
function isDefused(label: string): boolean {
  return /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(label)
}
