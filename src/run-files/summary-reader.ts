import { z } from 'zod'
import type { RunSummary } from '../measure/summary.ts'
import { readJson } from './json-reader.ts'

/** A summary without what stands in histogram.csv only. */
export type StoredSummary = Omit<RunSummary, 'histograms'>

/** Lists that a version may not have had yet are empty. */
const LIST = z.array(z.unknown()).default([])

/** The frame of the file. What is inside was written from the same types; fields that are absent read as `undefined`. */
const SUMMARY = z.looseObject({
  schemaVersion: z.number(),
  durationS: z.number(),
  verdict: z.looseObject({ level: z.enum(['VALID', 'SUSPECT', 'INVALID']), reasons: LIST }),
  names: z.array(z.looseObject({ name: z.string() })).min(1),
  burst: LIST,
  thresholds: LIST,
  checks: LIST,
  metrics: LIST,
  iterations: z.looseObject({}),
  warnings: LIST,
})

/** @throws UserError (usage) when the file cannot be read or is none of ours */
export async function readSummary(path: string): Promise<StoredSummary> {
  return (await readJson(path, SUMMARY)) as unknown as StoredSummary
}
