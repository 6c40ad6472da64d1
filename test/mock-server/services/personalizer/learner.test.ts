import { expect, test } from 'vitest'
import { Learner } from '../../../../mock-server/services/personalizer/learner.ts'

test('draws the mean of the rewards towards 0 as by one more reward', () => {
  const learner = new Learner()
  for (const reward of [1, 0.5]) learner.learn('a', reward)
  learner.learn('b', -1)
  expect(learner.model.size).toBe(0)
  expect(learner.publish()).toBe(true)
  expect([...learner.model]).toEqual([
    ['a', 0.5],
    ['b', -0.5],
  ])
  expect(learner.publish()).toBe(false)
})

test.each<[number, readonly number[]]>([
  [0, [0, 1, 0, 0]],
  [0.2, [0.05, 0.85, 0.05, 0.05]],
  [1, [0.25, 0.25, 0.25, 0.25]],
])('with a share of exploration of %d', (exploration, expected) => {
  const learner = new Learner()
  learner.learn('best', 1)
  learner.learn('worst', -1)
  learner.publish()
  const probabilities = learner.probabilities(['worst', 'best', 'new', 'other'], exploration)
  for (const [index, share] of expected.entries()) expect(probabilities[index]).toBeCloseTo(share, 12)
})

test('of equals the first is the best, and an unknown action is better than a bad one', () => {
  const learner = new Learner()
  for (const id of ['a', 'b']) learner.learn(id, -1)
  learner.publish()
  expect(learner.probabilities(['b', 'a'], 0)).toEqual([1, 0])
  expect(learner.probabilities(['b', 'new', 'a'], 0)).toEqual([0, 1, 0])
})

test('knows 10,000 actions; the one first met makes room', () => {
  const learner = new Learner()
  for (let i = 0; i <= 10_000; i++) learner.learn(`a${i}`, 1)
  learner.publish()
  expect([learner.model.size, learner.droppedActionCount]).toEqual([10_000, 1])
  expect([learner.model.has('a0'), learner.model.has('a1')]).toEqual([false, true])
})
