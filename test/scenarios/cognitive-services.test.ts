import { describe, expect, it } from 'vitest'
import { figureOf, repliesOf, runScenario } from './scenario-run.ts'

describe('translator', () => {
  it('has room for 14,400 characters a second in an S3', async () => {
    const run = await runScenario('translator')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'translate')).toEqual({ accepted: 14_400, throttled: 0 })
  })

  it('throttles 22.8 % of them in an S1, from the 46th second on', async () => {
    const run = await runScenario('translator', '--target', 'mock:translator-s1')
    expect(run.exitCode).toBe(99)
    // 666,667 of 864,000 characters a minute.
    expect(Math.abs(figureOf(run, 'translate', 'throttled_ratio') - 0.228)).toBeLessThan(0.002)
    const firstThrottled = run.timeseries.find(
      (row) => row['name'] === 'translate' && row['throttled_count'] !== '0',
    )
    expect(firstThrottled?.['second']).toBe('46')
  })
})

describe('speech', () => {
  it('takes 100 requests at a time, however many come', async () => {
    const run = await runScenario('speech')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'recognize-average')).toEqual({ accepted: 300, throttled: 0 })
    // 100 at a time of 1.2 s each are 83 of 120 a second; the first 100 come at once.
    expect(Math.abs(figureOf(run, 'recognize-peak', 'throttled_ratio') - 0.305)).toBeLessThan(0.03)
  })
})

describe('qna-maker', () => {
  it('answers 100 questions a second on the row of the guide for 100', async () => {
    const run = await runScenario('qna-maker')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, '_all')).toEqual({ accepted: 1_300, throttled: 0 })
  })

  it('becomes slow and then busy on the row for 50', async () => {
    const run = await runScenario('qna-maker', '--target', 'mock:qnamaker-50')
    expect(run.exitCode).toBe(99)
    // 50 a second for 10 s, and 50 that waited.
    expect(repliesOf(run, 'question-peak')).toEqual({ accepted: 550, throttled: 450 })
    expect(figureOf(run, 'question-peak', 'response_time_accepted_p50_ms')).toBeGreaterThan(1_500)
    expect(figureOf(run, 'question-average', 'response_time_accepted_max_ms')).toBeLessThan(1_001)
  })
})

describe('custom-question-answering', () => {
  it('hardly throttles an average of 4 questions a second', async () => {
    const run = await runScenario('custom-question-answering')
    expect(run.exitCode).toBe(0)
  })

  it('throttles about every tenth of 8 a second, though 10 are allowed', async () => {
    const run = await runScenario('custom-question-answering', '-e', 'RATE=8')
    expect(run.exitCode).toBe(99)
    expect(Math.abs(figureOf(run, 'question', 'throttled_ratio') - 0.11)).toBeLessThan(0.03)
  })
})

describe('luis', () => {
  it('understands 200 utterances a second with four resources', async () => {
    const run = await runScenario('luis')
    expect(run.exitCode).toBe(0)
    expect(figureOf(run, 'predict-peak', 'accepted_count')).toBeGreaterThan(1_980)
    expect(repliesOf(run, 'predict-average')).toEqual({ accepted: 250, throttled: 0 })
  })

  it('and a quarter of them with one', async () => {
    const run = await runScenario('luis', '--target', 'mock:luis-s0')
    expect(run.exitCode).toBe(99)
    expect(repliesOf(run, 'predict-peak')).toEqual({ accepted: 500, throttled: 1_500 })
  })
})

describe('language', () => {
  it('accepts 300 sentiments a minute, and key phrases apart from them', async () => {
    const run = await runScenario('language')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'sentiment')).toEqual({ accepted: 600, throttled: 900 })
    expect(repliesOf(run, 'key-phrases')).toEqual({ accepted: 300, throttled: 0 })
    const acceptedSeconds = run.timeseries
      .filter((row) => row['name'] === 'sentiment' && row['accepted_count'] !== '0')
      .map((row) => Number(row['second']))
    const fifteen = Array.from({ length: 15 }, (_, second) => second)
    expect(acceptedSeconds).toEqual([...fifteen, ...fifteen.map((second) => 60 + second)])
  })
})

describe('custom-microservice', () => {
  it('slows down seconds before it refuses anything', async () => {
    const run = await runScenario('custom-microservice')
    expect(run.exitCode).toBe(0)
    const seconds = run.timeseries.filter((row) => row['name'] === 'call')
    // Twice the latency of a worker that is free.
    const slow = seconds.findIndex((row) => Number(row['response_time_accepted_p50_ms']) > 160)
    const refused = seconds.findIndex((row) => row['throttled_count'] !== '0')
    expect(slow).toBeGreaterThan(15)
    expect(refused).toBeGreaterThan(slow + 2)
  })
})
