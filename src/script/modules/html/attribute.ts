import type { Element } from './element.ts'

/** An attribute of an element. */
export class Attribute {
  readonly name: string
  readonly value: string
  readonly ownerElement: Element

  constructor(ownerElement: Element, name: string, value: string) {
    this.ownerElement = ownerElement
    this.name = name
    this.value = value
  }

  localName(): string {
    return this.name.slice(this.name.indexOf(':') + 1)
  }

  /** HTML has none for attributes. */
  namespaceURI(): string {
    return ''
  }

  prefix(): string {
    return this.name.includes(':') ? this.name.slice(0, this.name.indexOf(':')) : ''
  }
}
