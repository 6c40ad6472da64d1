import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextColumn } from '../../../../mock-server/services/personalizer/text-column.ts'

const CAPACITY = 4
const positions = fc.nat(CAPACITY - 1)
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^[ -ÿ]{38,42}$/),
  fc.constantFrom('', 'a', 'aÿ', 'aĀ', '𝄞'),
)
const steps = fc.oneof(
  fc.record({ to: positions, text: texts }),
  fc.record({ to: positions, from: positions }),
)

test('keeps every text that a list of strings keeps', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 30 }), texts, (taken, other) => {
      const column = new TextColumn(CAPACITY)
      const list = Array<string>(CAPACITY).fill('')
      for (const step of taken) {
        if ('text' in step) column.write(step.to, step.text)
        else column.copy(step.to, column, step.from)
        list[step.to] = 'text' in step ? step.text : list[step.from]!
        for (const [position, text] of list.entries()) {
          expect(column.read(position)).toBe(text)
          expect(column.is(position, text)).toBe(true)
          expect(column.is(position, other)).toBe(other === text)
        }
      }
    }),
  )
})
