import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { skim } from '../../../../mock-server/services/json-skim.ts'
import { parseRankRequest } from '../../../../mock-server/services/personalizer/rank-requests.ts'
import { skimRank } from '../../../../mock-server/services/personalizer/rank-skim.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const skimmed = (text: string): unknown => skim(bytesOf(text), skimRank)

/** What the parser reads; it does not look whether ids stand for themselves. */
function parsedAsPlain(text: string): unknown {
  const request = parseRankRequest(bytesOf(text))
  return typeof request === 'string' ? request : { ...request, isPlain: true }
}

const plain = fc.stringMatching(/^[ !#-[\]-~]{0,300}$/)
const texts = fc.oneof(plain, fc.string({ unit: 'binary', maxLength: 12 }))
const features = fc.array(fc.dictionary(texts, fc.jsonValue(), { maxKeys: 3 }), { maxLength: 3 })
const action = fc.record(
  { id: fc.oneof(fc.constantFrom('a', 'b', 'c'), texts), features, extra: fc.jsonValue() },
  { requiredKeys: [] },
)
const rank = fc.record(
  {
    contextFeatures: fc.oneof(features, fc.constant(null)),
    actions: fc.array(action, { maxLength: 5 }),
    excludedActions: fc.oneof(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), fc.constant(null)),
    eventId: fc.oneof(texts, fc.constant(null)),
    deferActivation: fc.oneof(fc.boolean(), fc.constant(null)),
    other: fc.jsonValue(),
  },
  { requiredKeys: ['actions'] },
)
/** As clients send them: what the skimmer is for. */
const value = fc.oneof(plain, fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.array(plain))
const plainFeatures = fc.array(fc.dictionary(plain, value, { maxKeys: 3 }), { maxLength: 3 })
const usual = fc.record(
  {
    contextFeatures: plainFeatures,
    actions: fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), features: plainFeatures }), {
      minLength: 1,
      maxLength: 5,
    }),
    excludedActions: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    eventId: plain,
    deferActivation: fc.boolean(),
  },
  { requiredKeys: ['actions'] },
)
const written = fc
  .tuple(fc.oneof(usual, rank), fc.constantFrom(undefined, 1, '\t', '\r\n '))
  .map(([json, indent]) => JSON.stringify(json, null, indent))

/** The text with one of its characters changed, left out or doubled. */
const damaged = fc
  .tuple(written, fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '0', '.', 'e', '\\', ' ', '\u0000', 'é'))
  .map(([text, at, put]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + put + text.slice(place + (at % 2))
  })

describe('skimming a Rank', () => {
  it('reads what the parser reads, or gives up', () => {
    const readCount = { value: 0 }
    fc.assert(
      fc.property(fc.oneof(written, damaged), (text) => {
        const read = skimmed(text)
        if (read === undefined) return
        readCount.value++
        expect(read).toEqual(parsedAsPlain(text))
      }),
      { numRuns: 3_000 },
    )
    expect(readCount.value).toBeGreaterThan(100)
  })

  it.each([
    '{"actions":[{"id":"a","features":[{"x":[1,-0.5e+3,0,{"y":null}],"z":true}]},{"id":"b","features":[]}]}',
    ' {\n\t"eventId" : "e" , "deferActivation" : false, "excludedActions":[ ],"actions":[{"features":[],"id":"a"}]} ',
    '{"actions":[{"id":"a","features":[]}],"actions":[{"id":"b","features":[]}]}',
    '{"eventId":"","contextFeatures":[],"actions":[{"id":"a","features":[{}]}],"more":[[],{},"x",1e9]}',
  ])('reads %s', (text) => {
    expect(skimmed(text)).toHaveProperty('actionIds')
    expect(skimmed(text)).toEqual(parsedAsPlain(text))
  })

  it.each([
    ['no JSON', '{"actions":[{"id":"a","features":[]}]'],
    ['something after it', '{"actions":[{"id":"a","features":[]}]} x'],
    ['a comma too many', '{"actions":[{"id":"a","features":[]},]}'],
    ['a number that is none', '{"actions":[{"id":"a","features":[{"x":01}]}]}'],
    ['a bare minus', '{"actions":[{"id":"a","features":[{"x":-}]}]}'],
    ['an escape', '{"actions":[{"id":"a\\u0041","features":[]}]}'],
    ['a character beyond ASCII', '{"actions":[{"id":"é","features":[]}]}'],
    ['a feature that is no object', '{"actions":[{"id":"a","features":[1]}]}'],
    ['no features', '{"actions":[{"id":"a"}]}'],
    ['no id', '{"actions":[{"features":[]}]}'],
    ['no actions', '{}'],
    ['all actions excluded', '{"actions":[{"id":"a","features":[]}],"excludedActions":["a"]}'],
    ['a long id', `{"actions":[{"id":"${'a'.repeat(257)}","features":[]}]}`],
    ['too many actions', `{"actions":[${Array(51).fill('{"id":"a","features":[]}').join(',')}]}`],
    ['deep nesting', `{"x":${'['.repeat(100)}${']'.repeat(100)},"actions":[{"id":"a","features":[]}]}`],
  ])('leaves %s to the parser', (_, text) => {
    expect(skimmed(text)).toBeUndefined()
  })
})
