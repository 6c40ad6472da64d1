import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { findProfile } from '../../../mock-server/profiles/catalog.ts'
import { configOf, header, json, JSON_HEADERS, request, resourceOfSpec } from '../requests.ts'

const VERSION = 'api-version=2021-10-01'
const PATH = `/language/:query-knowledgebases?projectName=p&deploymentName=production&${VERSION}`
const TEXT_PATH = `/language/:query-text?${VERSION}`

const app = (spec = 'cqa-s,tps=none,latency=20ms'): MockApp => createApp(configOf(spec), 1)

const ask = (body: unknown, path = PATH, overrides: Partial<MockRequest> = {}): MockRequest => ({
  ...request({ method: 'POST', path, headers: JSON_HEADERS, body }),
  ...overrides,
})
const askText = (texts: readonly string[], question = 'how long?'): MockRequest =>
  ask({ question, records: texts.map((text, index) => ({ id: String(index), text })) }, TEXT_PATH)

describe('query-knowledgebases', () => {
  test('answers 200 with confidences from 0 to 1', () => {
    const plan = app().handle(ask({ question: 'How late is it?', top: 2 }), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    const answer = {
      questions: [expect.any(String)],
      answer: expect.any(String),
      confidenceScore: expect.any(Number),
      id: expect.any(Number),
      source: 'mock.tsv',
      metadata: {},
      dialog: { isContextOnly: false, prompts: [] },
    }
    expect(json(plan)).toEqual({ answers: [answer, answer] })
    const { answers } = json(plan) as { answers: { confidenceScore: number }[] }
    expect(answers.every(({ confidenceScore }) => confidenceScore > 0 && confidenceScore <= 1)).toBe(true)
    expect(header(plan, 'apim-request-id')).toBeDefined()
  })

  test('marks the words that matter in as many answers as are asked for', () => {
    const answerSpanRequest = { enable: true, topAnswersWithSpan: 1 }
    const { answers } = json(app().handle(ask({ question: 'a', top: 2, answerSpanRequest }), 0)) as {
      answers: { answer: string; answerSpan?: { text: string; offset: number; length: number } }[]
    }
    const [first, second] = answers
    expect(first?.answer.slice(first.answerSpan?.offset, first.answerSpan?.length)).toBe(
      first?.answerSpan?.text,
    )
    expect(second).not.toHaveProperty('answerSpan')
  })

  test.each<[unknown, number]>([
    [{ question: '???' }, -1],
    [{ question: 'a', confidenceScoreThreshold: 1 }, -1],
    [{ qnaId: 7 }, 7],
    [{ qnaId: 7, context: { previousQnaId: 3 } }, 7],
  ])('%j finds the entry %d', (body, id) => {
    expect(json(app().handle(ask(body), 0))).toMatchObject({ answers: [{ id }] })
  })
})

describe('query-text', () => {
  test('finds a sentence in each text, at most three', () => {
    const texts = ['It takes two hours. Or three.', 'Not long!', 'Who knows', 'Never.']
    const { answers } = json(app().handle(askText(texts), 0)) as {
      answers: { id: string; answer: string; offset: number; length: number; confidenceScore: number }[]
    }
    expect(answers.map(({ id }) => id)).toEqual(['0', '1', '2'])
    for (const { id, answer, offset, length } of answers) {
      expect(texts[Number(id)]!.slice(offset, offset + length)).toBe(answer)
    }
  })

  test('is charged in text records of 1,000 characters', () => {
    const mock = app('cqa-s,rates=10/1m,unit=records')
    expect(mock.handle(askText(['x'.repeat(5_000), 'x'.repeat(2_001), 'x']), 0).status).toBe(200)
    expect(mock.handle(askText(['x', 'y']), 0).status).toBe(429)
    expect(mock.handle(askText(['x']), 0).status).toBe(200)
  })
})

describe('what is refused', () => {
  const ok = { question: 'a' }
  const withOption = (option: object): MockRequest => ask({ ...ok, ...option })

  test.each<[string, MockRequest, number, string]>([
    ['a path without the colon', ask(ok, PATH.replace(':', '')), 404, '404'],
    ['a path with the colon encoded', ask(ok, PATH.replace(':', '%3A')), 404, '404'],
    ['another method', ask(ok, PATH, { method: 'GET' }), 405, '405'],
    ['no key', ask(ok, PATH, { headers: { 'content-type': 'application/json' } }), 401, '401'],
    [
      'another media type',
      ask(ok, PATH, { headers: { ...JSON_HEADERS, 'content-type': 'text/plain' } }),
      415,
      '415',
    ],
    ['a body above 1 MiB', ask(ok, PATH, { body: new Uint8Array(1_048_577) }), 413, '413'],
    ['no version', ask(ok, PATH.replace(VERSION, '')), 400, 'InvalidArgument'],
    ['no project', ask(ok, PATH.replace('projectName=p', '')), 400, 'InvalidArgument'],
    ['no deployment', ask(ok, PATH.replace('deploymentName=production', '')), 400, 'InvalidArgument'],
    ['no JSON', ask('{'), 400, 'InvalidArgument'],
    ['neither a question nor an id', ask({}), 400, 'InvalidArgument'],
    ['a question of 1,001 characters', ask({ question: 'x'.repeat(1_001) }), 400, 'InvalidArgument'],
    ['a threshold above 1', withOption({ confidenceScoreThreshold: 1.1 }), 400, 'InvalidArgument'],
    ['a context without a previous entry', withOption({ context: {} }), 400, 'InvalidArgument'],
    ['another ranker', withOption({ rankerType: 'Best' }), 400, 'InvalidArgument'],
    ['11 spans', withOption({ answerSpanRequest: { topAnswersWithSpan: 11 } }), 400, 'InvalidArgument'],
    ['no texts', askText([]), 400, 'InvalidArgument'],
    ['6 texts', askText(['a', 'b', 'c', 'd', 'e', 'f']), 400, 'InvalidArgument'],
    ['a text of 5,121 characters', askText(['x'.repeat(5_121)]), 400, 'InvalidArgument'],
    ['texts without a question', askText(['a'], ''), 400, 'InvalidArgument'],
  ])('%s', (_story, asked, status, code) => {
    const plan = app().handle(asked, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code, message: expect.any(String) } })
  })
})

describe('limits', () => {
  // 10 a second: azure-docs language-service/question-answering/concepts/limits.md.
  test('the 11th of a second is a 429', () => {
    const mock = app('cqa-s')
    for (let n = 0; n < 10; n++) expect(mock.handle(ask({ question: 'a' }), n).status).toBe(200)
    const plan = mock.handle(ask({ question: 'a' }), 10)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '1'])
    expect(json(plan)).toMatchObject({
      error: { code: '429', message: expect.stringContaining('QueryKnowledgebases Operation') },
    })
  })

  // S3HD with 6 replicas and 1 partition gives 800 to 1,000 queries a second. Of its 36 search units these are 6.
  test.each([
    ['cqa-s3hd', 800, 133],
    ['cqa-s3hd,latency=60ms', 1_000, 167],
  ])(
    'T10: the Search service of %s gives %d a second, %d a replica, then 503',
    (spec, queriesPerS, perReplica) => {
      expect(findProfile('cqa-s3hd')?.tier).toBe('S + Search S3HD 6×1 (6 SU)')
      const [{ workers = 0 } = {}, latency] = [resourceOfSpec(spec).capacity, resourceOfSpec(spec).latency]
      expect(latency.kind === 'fixed' && Math.round(workers / 6 / (latency.us / 1_000_000))).toBe(perReplica)
      const mock = app(spec)
      const plans = Array.from({ length: 3_000 }, (_, n) =>
        mock.handle(ask({ question: 'a' }), Math.floor((n * 1_000_000) / 1_500)),
      )
      const doneInLastSecond = plans.filter(
        ({ status, replyAtUs }) => status === 200 && replyAtUs > 1_000_000 && replyAtUs <= 2_000_000,
      )
      expect(Math.abs(doneInLastSecond.length - queriesPerS)).toBeLessThanOrEqual(60)
      expect(plans.filter(({ status }) => status === 503).length).toBeGreaterThan(0)
      expect(plans.filter(({ status }) => status !== 200 && status !== 503)).toEqual([])
    },
  )
})
