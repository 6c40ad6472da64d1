import { expect, test } from 'vitest'
import { listProfiles } from '../../mock-server/profiles/catalog.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'

/** Limits and marks of the numbers of one profile. */
const numbersOf = (profile: string): string[] =>
  listProfiles()
    .filter(({ name, limits }) => name === profile && !limits.startsWith('latency'))
    .map(({ limits, mark }) => `${limits}: ${mark}`)

test.each<[string, string[]]>([
  ['personalizer-s0', ['50 requests per 1s (sliding-log): assumed', '100 requests in flight: assumed']],
  [
    'personalizer-f0',
    [
      '50000 requests per 30d (quota, 429) for POST /personalizer/*rank: assumed',
      '10 requests per 1s (sliding-log): assumed',
      '20 requests in flight: assumed',
    ],
  ],
  ['azureml-low', ['4 requests in flight: published']],
  ['azureml-high-20', ['20 requests in flight: published']],
  ['azureml-high-200', ['200 requests in flight: published']],
  [
    'translator-f0',
    [
      '2000000 characters per 30d (quota, 403): assumed',
      '33333 characters per 1m (sliding-log): published',
      '2000000 characters per 1h (fixed-window): published',
    ],
  ],
  ...(
    [
      ['s1', 666_667, 40_000_000],
      ['s2', 666_667, 40_000_000],
      ['s3', 2_000_000, 120_000_000],
      ['s4', 3_333_333, 200_000_000],
    ] as const
  ).map(([tier, minute, hour]): [string, string[]] => [
    `translator-${tier}`,
    [
      `${minute} characters per 1m (sliding-log): published`,
      `${hour} characters per 1h (fixed-window): published`,
    ],
  ]),
  ['speech-f0', ['1 requests in flight: published']],
  ['speech-s0', ['100 requests in flight: published']],
  [
    'language-f0',
    [
      '100 requests per 1s (sliding-log, for each operation): published',
      '300 requests per 1m (sliding-log, for each operation): published',
    ],
  ],
  [
    'language-s',
    [
      '1000 requests per 1s (sliding-log, for each operation): published',
      '1000 requests per 1m (sliding-log, for each operation): published',
    ],
  ],
  [
    'textanalytics-f0',
    [
      '5000 requests per 30d (quota, 403): published',
      '100 requests per 1s (sliding-log, for each operation): inferred',
      '300 requests per 1m (sliding-log, for each operation): inferred',
    ],
  ],
  ['cqa-s', ['10 requests per 1s (sliding-log): published']],
  [
    'luis-f0',
    ['10000 requests per 30d (quota, 403): published', '5 requests per 1s (sliding-log): published'],
  ],
  ['luis-s0', ['50 requests per 1s (sliding-log): published']],
  [
    'openai-240',
    ['240 requests per 10s (sliding-log): published', '240000 tokens per 1m (sliding-log): published'],
  ],
  [
    'vision-s1',
    [
      '30 requests per 1s (sliding-log) for POST /vision/recognizeText, GET /vision/textOperations/*, /vision/read/*: published',
      '15 requests per 1s (sliding-log) for /vision/*: published',
      '500 requests per 10s (sliding-log) for /billing/*: inferred',
      '20 requests per 1s (sliding-log) for /*: published',
      'autoscale every 5m, x 1.4678, up to 1000 per 1s, switched off: assumed',
    ],
  ],
  ['cognitive-default', ['10 requests per 1s (sliding-log): published']],
  [
    'cognitive-autoscale',
    [
      '10 requests per 1s (sliding-log): published',
      'autoscale every 5m, x 1.4678, up to 1000 per 1s: assumed',
    ],
  ],
  ['container-8', ['8 served at once: assumed']],
  ['custom', []],
])('the numbers of %s', (profile, numbers) => {
  expect(numbersOf(profile)).toEqual(numbers)
})

test('every number has a source, no latency is published, and every profile is a good spec', () => {
  const rows = listProfiles()
  expect(rows.filter(({ source, service }) => source === '' || service === '')).toEqual([])
  const latencies = rows.filter(({ limits }) => limits.startsWith('latency '))
  expect(new Set(latencies.map(({ mark }) => mark))).toEqual(new Set(['assumed']))
  expect(latencies.flatMap(({ name }) => parseMockSpec(name).faults)).toEqual([])
})
