import type { Rng } from '../../src/core/rng.ts'

/** A whole number drawn anew each time; both ends included. */
export interface CountRange {
  readonly low: number
  readonly high: number
}

/** What a scripted bot does. */
export interface BotConfig {
  /** Messages of the user until a query is resolved. */
  readonly steps: CountRange
  /** Length of a reply. */
  readonly words: CountRange
  /** Share of its turns that it ends with an error, 0 to 1. */
  readonly failureRatio: number
}

/** Most steps of a query and words of a reply. */
const MAX_COUNT = 1_000

/** Reads `3` or `2-5`. @returns the range, or what is wrong with the text. */
export function parseCountRange(text: string): CountRange | string {
  const [, lowText = '', highText = lowText] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text) ?? []
  const [low, high] = [Number(lowText), Number(highText)]
  if (low >= 1 && low <= high && high <= MAX_COUNT) return { low, high }
  return `"${text}" is no number from 1 to ${MAX_COUNT}, nor two such as 2-5`
}

/** How far a user has come with a query. */
export interface Dialog {
  /** The turn that was last, from 1; 0: none yet. */
  step: number
  /** How many it takes. */
  stepCount: number
}

/** What the bot says, as members of an activity. */
interface Utterance {
  readonly text: string
  /** Bot Framework's word for whose turn it is: the bot has asked something, or the query is resolved. */
  readonly inputHint: 'expectingInput' | 'acceptingInput'
  readonly channelData: Readonly<Dialog>
}

/** What replies are made of. */
const VOCABULARY =
  'we can look at the details of your request and find what fits best in your case today'.split(' ')

/** Asks until it has what it needs, then answers; and starts again with the next message. */
export class ScriptedBot {
  readonly #config: BotConfig
  readonly #rng: Rng

  constructor(config: BotConfig, rng: Rng) {
    this.#config = config
    this.#rng = rng
  }

  /** Takes a turn. @returns what the bot says, or `undefined` when it fails: then the dialog is where it was. */
  reply(dialog: Dialog): Utterance | undefined {
    if (this.#rng.next() < this.#config.failureRatio) return undefined
    if (dialog.step === dialog.stepCount) {
      dialog.step = 0
      dialog.stepCount = this.#draw(this.#config.steps)
    }
    dialog.step++
    const isResolved = dialog.step === dialog.stepCount
    return {
      text: sentence(this.#draw(this.#config.words), isResolved ? '.' : '?'),
      inputHint: isResolved ? 'acceptingInput' : 'expectingInput',
      channelData: { ...dialog },
    }
  }

  #draw({ low, high }: CountRange): number {
    return low + this.#rng.int(high - low + 1)
  }
}

function sentence(wordCount: number, end: string): string {
  const words = Array.from({ length: wordCount }, (_, index) => VOCABULARY[index % VOCABULARY.length]!)
  return words.join(' ') + end
}
