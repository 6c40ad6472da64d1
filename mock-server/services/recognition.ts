/** The results of speech recognition: azure-docs Speech-Service/rest-speech-to-text-short.md. */
import { Rng } from '../../src/core/rng.ts'
import type { Audio } from './audio.ts'

export type Format = 'simple' | 'detailed'

/** All of them answer 200. */
type RecognitionStatus = 'Success' | 'NoMatch' | 'InitialSilenceTimeout' | 'BabbleTimeout' | 'Error'

const STATUSES: Readonly<Record<Audio['content'], RecognitionStatus>> = {
  speech: 'Success',
  quiet: 'NoMatch',
  silent: 'InitialSilenceTimeout',
  noise: 'BabbleTimeout',
  broken: 'Error',
}

/** As spoken and, where that differs, as written. */
const WORDS: readonly (readonly [lexical: string, written?: string])[] = [
  ['please'],
  ['remind'],
  ['me'],
  ['to'],
  ['book'],
  ['two', '2'],
  ['seats'],
  ['for'],
  ['the'],
  ['late'],
  ['train'],
  ['on'],
  ['monday', 'Monday'],
  ['and'],
  ['five', '5'],
  ['tickets'],
]

/** The pace of quiet speech. */
const US_PER_WORD = 400_000
const TICKS_PER_US = 10

/** The reply's body. What was said is made up, as long as the recording and the same for the same length. */
export function recognize({ durationUs, content }: Audio, format: Format): object {
  const status = STATUSES[content]
  const times = { Offset: '0', Duration: String(durationUs * TICKS_PER_US) }
  if (status !== 'Success') return { RecognitionStatus: status, ...times }
  const words = wordsOf(durationUs)
  const lexical = words.map(([spoken]) => spoken).join(' ')
  const itn = words.map(([spoken, written = spoken]) => written).join(' ')
  const display = `${itn[0]!.toUpperCase()}${itn.slice(1)}.`
  if (format === 'simple') return { RecognitionStatus: status, DisplayText: display, ...times }
  const best = { Confidence: 0.92, Lexical: lexical, ITN: itn, MaskedITN: itn, Display: display }
  return { RecognitionStatus: status, ...times, NBest: [best] }
}

function wordsOf(durationUs: number): (typeof WORDS)[number][] {
  const rng = new Rng(durationUs)
  return Array.from(
    { length: Math.max(1, Math.round(durationUs / US_PER_WORD)) },
    () => WORDS[rng.int(WORDS.length)]!,
  )
}
