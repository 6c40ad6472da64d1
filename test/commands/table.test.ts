import { describe, expect, it } from 'vitest'
import { renderTable } from '../../src/commands/table.ts'

describe('renderTable', () => {
  it('lines columns up, and leaves no blanks at the end of a line', () => {
    const rows = [
      ['name', 'n'],
      ['a', '1'],
      ['longer', ''],
    ]
    expect(renderTable(rows)).toBe('name    n\na       1\nlonger\n')
  })

  it('is empty without rows', () => {
    expect(renderTable([])).toBe('')
  })
})
