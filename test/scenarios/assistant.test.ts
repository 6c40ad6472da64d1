import { describe, expect, it } from 'vitest'
import { figureOf, observed, repliesOf, runScenario } from './scenario-run.ts'

describe('direct-line-assistant', () => {
  it('reads back what the bot was told to do', async () => {
    const run = await runScenario('direct-line-assistant')
    expect(run.exitCode).toBe(0)
    // 1 to 5 steps and 10 to 60 words, all equally likely; about 90 conversations.
    expect(Math.abs(observed(run, 'steps_to_resolve') - 3)).toBeLessThan(0.6)
    expect(Math.abs(observed(run, 'words_per_reply') - 35)).toBeLessThan(4)
    // A message, the bot's turn of 300 ms in the middle and 60 ms of the channel, then one poll of 60 ms.
    expect(Math.abs(observed(run, 'reply_time') - 420)).toBeLessThan(80)
  })
})

describe('chatbot', () => {
  it('has room for every average and for one of the peaks', async () => {
    const run = await runScenario('chatbot')
    expect(run.exitCode).toBe(0)
    // 20 s of average and 20 s of peak each. Translator's minute takes 666,667 characters, 120 a text.
    expect(repliesOf(run, 'translate')).toEqual({ accepted: 5_555, throttled: 7_200 - 5_555 })
    // 50 a second for 20 s and 50 that waited; 50 a second for 20 s; no limit.
    expect(repliesOf(run, 'answer')).toEqual({ accepted: 600 + 1_050, throttled: 950 })
    expect(repliesOf(run, 'predict')).toEqual({ accepted: 500 + 1_000, throttled: 3_000 })
    expect(repliesOf(run, 'custom')).toEqual({ accepted: 4_400, throttled: 0 })
    // 100 at a time of 3 s each.
    const peakAccepted = figureOf(run, 'recognize', 'accepted_count') - 600
    expect(Math.abs(peakAccepted - (20 / 3) * 100)).toBeLessThan(20)
  })
})
