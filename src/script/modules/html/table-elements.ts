import { Element } from './element.ts'

const CELLS = ['td', 'th']

function named(elements: readonly Element[], ...names: readonly string[]): Element[] {
  return elements.filter((element) => names.includes(element.nodeName()))
}

/** `-1`: not among them. */
function indexIn(elements: readonly Element[], element: Element): number {
  return elements.findIndex((each) => each.isSameNode(element))
}

export class TableElement extends Element {
  caption(): Element | undefined {
    return named(this.children(), 'caption')[0]
  }

  rows(): Element[] {
    const sections = named(this.children(), 'thead', 'tbody', 'tfoot', 'tr')
    return sections.flatMap((part) => (part.nodeName() === 'tr' ? [part] : named(part.children(), 'tr')))
  }

  tBodies(): Element[] {
    return named(this.children(), 'tbody')
  }

  tFoot(): Element | undefined {
    return named(this.children(), 'tfoot')[0]
  }

  tHead(): Element | undefined {
    return named(this.children(), 'thead')[0]
  }
}

/** `thead`, `tbody` and `tfoot`. */
export class TableSectionElement extends Element {
  rows(): Element[] {
    return named(this.children(), 'tr')
  }
}

export class TableRowElement extends Element {
  cells(): Element[] {
    return named(this.children(), ...CELLS)
  }

  rowIndex(): number {
    const table = this.around('table')
    return table instanceof TableElement ? indexIn(table.rows(), this) : -1
  }

  sectionRowIndex(): number {
    const section = this.parentElement()
    return section === undefined ? -1 : indexIn(named(section.children(), 'tr'), this)
  }
}

/** `td` and `th`. */
export class TableCellElement extends Element {
  cellIndex(): number {
    const row = this.parentElement()
    return row === undefined ? -1 : indexIn(named(row.children(), ...CELLS), this)
  }
}

/** `col` and `colgroup`. */
export class TableColElement extends Element {
  span(): number {
    return this.whole('span', 1)
  }
}
