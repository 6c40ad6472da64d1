import { describe, expect, it } from 'vitest'
import { adviceFor, delimiterOf, formatOf } from '../../../src/run-files/imports/import-format.ts'
import { requestName, RowFault } from '../../../src/run-files/imports/request-sample.ts'
import { momentUs } from '../../../src/run-files/imports/sample-time.ts'

const K6 = 'metric_name,timestamp,metric_value,check,error,status,extra_tags,metadata'
const JTL = 'timeStamp,elapsed,label,responseCode,responseMessage,threadName,success'

describe('the format of a file', () => {
  it.each([
    [K6, 'k6-csv'],
    ['{"type":"Metric","data":{"name":"http_reqs"},"metric":"http_reqs"}', 'k6-json'],
    ['{"metric":"http_reqs","type":"Point","data":{}}', 'k6-json'],
    [JTL, 'jmeter-jtl'],
    [JTL.replaceAll(',', ';'), 'jmeter-jtl'],
    [JTL.replaceAll(',', '\t'), 'jmeter-jtl'],
    [JTL.replaceAll(/\w+/g, '"$&"'), 'jmeter-jtl'],
    ['Type,Name,Request Count,Failure Count,Median Response Time', 'locust-stats'],
    ['Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,Total Request Count', 'locust-history'],
    ['Method,Name,Error,Occurrences', 'locust-failures'],
    ['Method,Name,Error,Occurrences,First Seen,Last Seen', 'locust-failures'],
    ['Count,Message,Traceback,Nodes', 'locust-exceptions'],
    ['schema_version,run_id,second', undefined],
    ['{"metrics":{"http_reqs":{"count":1}}}', undefined],
    ['{"metric"', undefined],
    ['', undefined],
  ])('%s is %s', (line, format) => {
    expect(formatOf(line)).toBe(format)
  })

  it('knows the delimiter by the header', () => {
    expect(['a,b', 'a;b', '"a"\t"b"', 'a|b', 'a'].map(delimiterOf)).toEqual([',', ';', '\t', '|', ','])
  })

  it.each([
    ['<?xml version="1.0" encoding="UTF-8"?>', 'output_format=csv'],
    ['1795227420000,100,Home,200,OK', 'print_field_names=true'],
    ['{"metrics":{}}', '--out json=FILE'],
    ['a,b', 'locust --csv'],
  ])('%s gets advice', (line, advice) => {
    expect(adviceFor(line)).toContain(advice)
  })
})

describe('momentUs', () => {
  it.each([
    ['1795227420', 1_795_227_420_000_000],
    ['1795227420123', 1_795_227_420_123_000],
    ['1795227420123456', 1_795_227_420_123_456],
    ['1795227420123456789', 1_795_227_420_123_456],
    ['2026-11-21T02:17:00Z', 1_795_227_420_000_000],
    ['2026-11-21T03:17:00.5+01:00', 1_795_227_420_500_000],
    ['2026-11-21T02:17:00.123456789Z', 1_795_227_420_123_456],
    ['2026-11-20T21:17:00.000001-05:00', 1_795_227_420_000_001],
  ])('%s', (text, us) => {
    expect(momentUs(text)).toBe(us)
  })

  it.each(['', 'now', '12', '-1795227420', '1795227420.5', '2026/11/21 02:17:00', '2026-13-41T02:17:00Z'])(
    'refuses %j',
    (text) => {
      expect(() => momentUs(text)).toThrow(RowFault)
    },
  )
})

describe('requestName', () => {
  it.each([
    ['rank', 'rank'],
    ['https://me:secret@api.example/rank?key=secret#x', 'https://api.example/rank'],
    ['/items?key=secret', '/items'],
    ['/items#secret', '/items'],
    ['Really?', 'Really?'],
  ])('%s is shown as %s', (name, shown) => {
    expect(requestName(name)).toBe(shown)
  })
})
