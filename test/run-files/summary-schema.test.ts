import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resultFiles } from '../../src/run-files/result-files.ts'
import { SUMMARY_SCHEMA, summaryJsonSchema } from '../../src/run-files/summary-schema.ts'
import { FACTS, SUMMARY } from '../support/summary-fixture.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
}

/** Fields of `value` that the schema does not name, with their paths. */
function unnamed(value: unknown, schema: Schema | undefined, path = ''): string[] {
  if (schema === undefined) return [path]
  if (Array.isArray(value)) return value.flatMap((item) => unnamed(item, schema.items, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, field]) =>
    unnamed(field, schema.properties?.[key] ?? schema.additionalProperties, `${path}.${key}`),
  )
}

describe('the schema of summary.json', () => {
  const text = resultFiles(FACTS, SUMMARY).find(({ name }) => name === 'summary.json')?.text ?? ''
  const json = JSON.parse(text) as Record<string, unknown>

  it('is the published one', () => {
    const published = readFileSync(
      new URL('../../src/run-files/summary.schema.json', import.meta.url),
      'utf8',
    )
    expect(JSON.parse(published)).toEqual(JSON.parse(summaryJsonSchema()))
  })

  it('accepts what is written, and names every field of it', () => {
    expect(SUMMARY_SCHEMA.safeParse(json).error).toBeUndefined()
    expect(unnamed(json, JSON.parse(summaryJsonSchema()) as Schema)).toEqual([])
  })

  it.each([
    ['another version', { schemaVersion: 2 }],
    ['an unknown verdict', { verdict: { level: 'GOOD', reasons: [] } }],
    ['no names', { names: [] }],
    ['a fraction of a request', { checks: [{ name: 'a', passes: 0.5, fails: 0 }] }],
  ])('refuses %s', (_, change) => {
    expect(SUMMARY_SCHEMA.safeParse({ ...json, ...change }).success).toBe(false)
  })

  it('lets a newer headroom add fields', () => {
    expect(SUMMARY_SCHEMA.safeParse({ ...json, addedLater: 1 }).success).toBe(true)
  })
})
