/** A knowledge base that has an answer to everything that has a word in it. The same question always finds the same. */
import { Rng } from '../../src/core/rng.ts'

export interface Answer {
  readonly id: number
  /** As they stand in the knowledge base. */
  readonly questions: readonly string[]
  readonly answer: string
  /** From 0 to 1. */
  readonly confidenceRatio: number
  readonly source: string
}

/** What is said when there is no answer: id -1, no confidence. */
export const NO_ANSWER: Answer = {
  id: -1,
  questions: [],
  answer: 'No good match found in KB.',
  confidenceRatio: 0,
  source: '',
}

/** Ids run from 1 to this. */
const ENTRY_COUNT = 1_000
/** More are not found, whatever is asked for. */
const MAX_ANSWERS = 20
/** How much surer the knowledge base is of an answer than of the next. */
const CONFIDENCE_STEP_RATIO = 0.8

const WORD = /[\p{L}\p{N}]/u

/**
 * The answers to a question, the surest first.
 *
 * @param topCount at most so many.
 * @param thresholdRatio none below this confidence.
 */
export function findAnswers(question: string, topCount: number, thresholdRatio: number): Answer[] {
  if (!WORD.test(question)) return []
  const rng = new Rng(question)
  const bestRatio = 0.6 + rng.int(4_000) / 10_000
  const count = Math.min(topCount, MAX_ANSWERS)
  return Array.from({ length: count }, (_, rank) => {
    const confidenceRatio = Number((bestRatio * CONFIDENCE_STEP_RATIO ** rank).toFixed(4))
    return entry(1 + rng.int(ENTRY_COUNT), confidenceRatio)
  }).filter(({ confidenceRatio }) => confidenceRatio >= thresholdRatio)
}

/** @returns `undefined` when there is no entry of that id. */
export function answerOf(id: number): Answer | undefined {
  return id >= 1 && id <= ENTRY_COUNT ? entry(id, 1) : undefined
}

function entry(id: number, confidenceRatio: number): Answer {
  const questions = [`What is entry ${id} about?`]
  const answer = `Entry ${id} of the knowledge base answers this.`
  return { id, questions, answer, confidenceRatio, source: 'mock.tsv' }
}
