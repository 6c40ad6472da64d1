import { array, assert, double, oneof, property, record, string, stringMatching } from 'fast-check'
import { expect, it } from 'vitest'
import { rankJson } from '../../../../mock-server/services/personalizer/rank-json.ts'

const ids = oneof(string({ unit: 'binary' }), stringMatching(/^[\w .:-]*$/), string())
const probabilities = double({ min: 0, max: 1, noNaN: true })
const rankings = array(record({ id: ids, probability: probabilities }))

const plainIds = stringMatching(/^[ !#-[\]-~]*$/)

it('is the JSON that JSON.stringify writes, whatever the ids', () => {
  assert(
    property(rankings, ids, ids, (ranking, rewardActionId, eventId) => {
      const json = rankJson({ ranking, rewardActionId }, eventId, false)
      expect(json).toBe(JSON.stringify({ ranking, eventId, rewardActionId }))
    }),
  )
})

it('is so too for ids of which it is known that they stand for themselves', () => {
  const plainRankings = array(record({ id: plainIds, probability: probabilities }))
  assert(
    property(plainRankings, plainIds, plainIds, (ranking, rewardActionId, eventId) => {
      const json = rankJson({ ranking, rewardActionId }, eventId, true)
      expect(json).toBe(JSON.stringify({ ranking, eventId, rewardActionId }))
    }),
  )
})
