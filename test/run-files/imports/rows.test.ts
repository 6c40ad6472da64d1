import { describe, expect, it } from 'vitest'
import { Fields, headerOf } from '../../../src/run-files/imports/fields.ts'
import { JtlRows } from '../../../src/run-files/imports/jtl-rows.ts'
import { K6Points, type K6Point } from '../../../src/run-files/imports/k6-points.ts'
import { k6CsvPoint, k6JsonPoint } from '../../../src/run-files/imports/k6-rows.ts'
import { locustFailures, locustKey } from '../../../src/run-files/imports/locust-errors.ts'
import { RowFault } from '../../../src/run-files/imports/request-sample.ts'

const THROTTLED = new Set([429])

function fields(row: Readonly<Record<string, string>>): Fields {
  return new Fields(headerOf(Object.keys(row)), Object.values(row))
}

function k6Point(tags: Readonly<Record<string, string>>, metric = 'http_req_duration', value = 100): K6Point {
  return { metric, timeUs: 5_000_000, value, tag: (name) => tags[name] ?? '' }
}

describe('k6', () => {
  it.each([
    [{ status: '200' }, 'accepted'],
    [{ status: '399' }, 'accepted'],
    [{ status: '404' }, 'client_error'],
    [{ status: '404', expected_response: 'true' }, 'accepted'],
    [{ status: '200', expected_response: 'false' }, 'client_error'],
    [{ status: '429', expected_response: 'true' }, 'throttled'],
    [{ status: '503' }, 'server_error'],
    [{ status: '0', error_code: '1050' }, 'timeout'],
    [{ status: '0', error_code: '1211' }, 'timeout'],
    [{ status: '0', error_code: '1212' }, 'network_error'],
    [{ status: '0' }, 'network_error'],
  ] as const)('%j is %s', (tags, outcome) => {
    expect(new K6Points(THROTTLED).read(k6Point(tags))?.outcome).toBe(outcome)
  })

  it('503 is throttled where that was asked for', () => {
    const points = new K6Points(new Set([429, 503]))
    expect(points.read(k6Point({ status: '503' }))?.outcome).toBe('throttled')
  })

  it('a request began as long before its sample as it took', () => {
    const sample = new K6Points(THROTTLED).read(
      k6Point({ status: '200', name: 'a' }, 'http_req_duration', 0.5),
    )
    expect(sample).toMatchObject({ name: 'a', startUs: 4_999_500, endUs: 5_000_000, sentBytes: undefined })
  })

  it('a name is missing: URL without query, else the method', () => {
    const points = new K6Points(THROTTLED)
    const url = 'http://host/a?key=secret'
    expect(points.read(k6Point({ status: '200', url }))?.name).toBe('http://host/a')
    expect(points.read(k6Point({ status: '200', method: 'GET' }))?.name).toBe('GET')
  })

  it('counts iterations, checks, and what set-up sent', () => {
    const points = new K6Points(THROTTLED)
    const read = (tags: Record<string, string>, metric: string, value = 1): unknown =>
      points.read(k6Point(tags, metric, value))
    for (const group of ['::setup', '::teardown']) {
      expect(read({ status: '200', group }, 'http_req_duration')).toBeUndefined()
    }
    read({}, 'iterations')
    read({}, 'iterations')
    read({}, 'dropped_iterations', 5)
    read({ check: 'ok' }, 'checks', 1)
    read({ check: 'ok' }, 'checks', 0)
    expect(points.counts).toEqual({
      completedCount: 2,
      droppedCount: 5,
      checks: [{ name: 'ok', passes: 1, fails: 1 }],
      unmeasuredCount: 2,
    })
  })

  it('a request without a status cannot be told from any other', () => {
    expect(() => new K6Points(THROTTLED).read(k6Point({}))).toThrow(/systemTags/)
  })

  it('rows of other metrics are passed over without a look at them', () => {
    expect(k6CsvPoint(fields({ metric_name: 'vus', timestamp: 'x', metric_value: 'y' }))).toBeUndefined()
    expect(k6JsonPoint('{"type":"Metric","metric":"checks","data":{"name":"checks"}}')).toBeUndefined()
    expect(
      k6JsonPoint('{"type":"Point","metric":"vus","data":{"time":"x","value":1,"tags":null}}'),
    ).toBeUndefined()
  })

  it.each(['', '{', '[]', '{"type":"Point","metric":"checks","data":{"value":1}}'])(
    'refuses the line %j',
    (line) => {
      expect(() => k6JsonPoint(line)).toThrow(RowFault)
    },
  )

  it.each([
    ['timestamp', 'soon'],
    ['metric_value', ''],
    ['metric_value', '-1'],
    ['metric_value', 'NaN'],
  ])('refuses a row whose %s is %j', (column, value) => {
    const row = { metric_name: 'checks', timestamp: '1795227420', metric_value: '1', [column]: value }
    expect(() => k6CsvPoint(fields(row))).toThrow(RowFault)
  })
})

describe('JMeter', () => {
  const ROW = {
    timeStamp: '1795227420000',
    elapsed: '120',
    label: 'Home',
    responseCode: '200',
    responseMessage: 'OK',
    success: 'true',
    bytes: '1500',
    sentBytes: '300',
  }

  it('a sample begins at its time stamp', () => {
    expect(new JtlRows(THROTTLED).read(fields(ROW))).toEqual({
      name: 'Home',
      outcome: 'accepted',
      startUs: 1_795_227_420_000_000,
      endUs: 1_795_227_420_120_000,
      sentBytes: 300,
      receivedBytes: 1_500,
    })
  })

  it.each([
    [{ responseCode: '404', success: 'false' }, 'client_error'],
    [{ responseCode: '404', success: 'true' }, 'accepted'],
    [{ responseCode: '429', success: 'false' }, 'throttled'],
    [{ responseCode: '503', success: 'false' }, 'server_error'],
    [{ responseCode: '200', success: 'false' }, 'accepted'],
    [{ responseCode: 'Non HTTP response code: java.net.SocketTimeoutException' }, 'timeout'],
    [{ responseCode: 'Non HTTP response code: org.apache.http.conn.ConnectTimeoutException' }, 'timeout'],
    [{ responseCode: 'Non HTTP response code: org.apache.http.NoHttpResponseException' }, 'network_error'],
    [{ responseCode: 'ORA-01', success: 'false' }, 'server_error'],
    [{ responseCode: 'OK', success: 'true' }, 'accepted'],
  ])('%j is %s', (change, outcome) => {
    expect(new JtlRows(THROTTLED).read(fields({ ...ROW, ...change }))?.outcome).toBe(outcome)
  })

  it('counts rows that are no request, and failed assertions', () => {
    const rows = new JtlRows(THROTTLED)
    const responseMessage = 'Number of samples in transaction : 2, number of failing samples : 0'
    expect(rows.read(fields({ ...ROW, responseMessage }))).toBeUndefined()
    expect(rows.read(fields({ ...ROW, responseCode: '' }))).toBeUndefined()
    rows.read(fields({ ...ROW, success: 'false' }))
    expect([rows.otherCount, rows.assertedCount]).toEqual([2, 1])
  })

  it('a file may have no columns for bytes', () => {
    const { bytes: _, sentBytes: __, ...row } = ROW
    const sample = new JtlRows(THROTTLED).read(fields(row))
    expect(sample).toMatchObject({ sentBytes: undefined, receivedBytes: undefined })
  })

  it.each([
    ['elapsed', 'abc'],
    ['timeStamp', '2026/11/21 02:17:00'],
    ['bytes', 'many'],
  ])('refuses a row whose %s is %s', (column, value) => {
    expect(() => new JtlRows(THROTTLED).read(fields({ ...ROW, [column]: value }))).toThrow(RowFault)
  })
})

describe('errors of Locust', () => {
  it.each([
    ["HTTPError('429 Client Error: Too Many Requests for url: /a')", 'throttled'],
    ["HTTPError('404 Client Error: Not Found for url: /a')", 'client_error'],
    ["HTTPError('503 Server Error: Service Unavailable for url: /a')", 'server_error'],
    ["BadStatusCode('http://host/a', code=429)", 'throttled'],
    ['ReadTimeout(ReadTimeoutError("Read timed out. (read timeout=1)"))', 'timeout'],
    ["timeout('timed out')", 'timeout'],
    ["ConnectionRefusedError(111, 'Connection refused')", 'network_error'],
    ["RemoteDisconnected('Remote end closed connection without response')", 'network_error'],
    ["gaierror(-2, 'Name or service not known')", 'network_error'],
    ["requests.exceptions.SSLError('bad handshake')", 'network_error'],
    ["CatchResponseError('Got wrong response')", undefined],
  ])('%s is %s', (error, outcome) => {
    const row = { Method: 'GET', Name: '/a', Error: error, Occurrences: '3' }
    const failures = locustFailures([fields(row)], THROTTLED).get(locustKey('GET', '/a'))
    expect(Object.fromEntries(failures?.byOutcome ?? [])).toEqual(
      outcome === undefined ? {} : { [outcome]: 3 },
    )
    expect(failures).toMatchObject({ count: 3, unclearCount: outcome === undefined ? 3 : 0 })
  })
})
