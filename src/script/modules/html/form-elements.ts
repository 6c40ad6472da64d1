import { Element } from './element.ts'

const FIELDS = 'button, fieldset, input:not([type="image"]), object, output, select, textarea'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** Anything that belongs to a form. */
class FormPart extends Element {
  /** The one around it, or the one that it names. */
  form(): Element | undefined {
    const id = this.getAttribute('form')
    return id === undefined ? this.around('form') : this.inPage('form').find((form) => form.id() === id)
  }

  /** Those around it and those that name it. */
  labels(): Element[] {
    const around = this.around('label')
    const named = this.inPage('label').filter(
      (label) => this.id() !== '' && label.getAttribute('for') === this.id(),
    )
    const others = named.filter((label) => around === undefined || !label.isSameNode(around))
    return around === undefined ? others : [around, ...others]
  }
}

/** `input` and `button`: where they send their form overrides what the form says. */
export class FormFieldElement extends FormPart {
  formAction(): string {
    return this.getAttribute('formaction') ?? this.form()?.getAttribute('action') ?? this.page.url
  }

  formEnctype(): string {
    return this.getAttribute('formenctype') ?? this.form()?.getAttribute('enctype') ?? FORM_TYPE
  }

  formMethod(): string {
    return (this.getAttribute('formmethod') ?? this.form()?.getAttribute('method') ?? 'get').toLowerCase()
  }

  formNoValidate(): boolean {
    return this.hasAttribute('formnovalidate')
  }

  formTarget(): string {
    return this.getAttribute('formtarget') ?? this.form()?.getAttribute('target') ?? '_self'
  }

  name(): string {
    return this.getAttribute('name') ?? ''
  }
}

export class ButtonElement extends FormFieldElement {
  value(): string {
    return this.getAttribute('value') ?? ''
  }
}

export class InputElement extends FormFieldElement {}

export class FormElement extends Element {
  elements(): Element[] {
    return this.querySelectorAll(FIELDS)
  }

  length(): number {
    return this.elements().length
  }

  method(): string {
    return (this.getAttribute('method') ?? 'get').toLowerCase()
  }
}

export class FieldSetElement extends FormPart {
  elements(): Element[] {
    return this.querySelectorAll(FIELDS)
  }

  type(): string {
    return 'fieldset'
  }

  validity(): undefined {}
}

export class LabelElement extends Element {
  /** The field that it names, or the first one in it. */
  control(): Element | undefined {
    const id = this.getAttribute('for')
    if (id === undefined)
      return this.querySelector('button, input, meter, output, progress, select, textarea')
    return this.inPage('[id]').find((element) => element.id() === id)
  }

  form(): Element | undefined {
    return this.around('form')
  }
}

/** `legend` and `object`. */
export class FormOwnedElement extends FormPart {}

export class DataListElement extends Element {
  options(): Element[] {
    return this.querySelectorAll('option')
  }
}

export class OptGroupElement extends Element {
  disabled(): boolean {
    return this.hasAttribute('disabled')
  }

  label(): string {
    return this.getAttribute('label') ?? ''
  }
}

export class OptionElement extends Element {
  disabled(): boolean {
    return this.hasAttribute('disabled') || this.around('optgroup')?.hasAttribute('disabled') === true
  }

  form(): Element | undefined {
    return this.around('form')
  }

  /** Among the options of its list. */
  index(): number {
    const options = this.around('select, datalist')?.querySelectorAll('option') ?? []
    return Math.max(
      0,
      options.findIndex((option) => option.isSameNode(this)),
    )
  }

  label(): string {
    return this.getAttribute('label') ?? this.text()
  }

  text(): string {
    return this.textContent().trim()
  }

  value(): string {
    return this.getAttribute('value') ?? this.text()
  }
}

export class SelectElement extends FormPart {
  length(): number {
    return this.options().length
  }

  name(): string {
    return this.getAttribute('name') ?? ''
  }

  options(): Element[] {
    return this.querySelectorAll('option')
  }

  /** -1 for none. */
  selectedIndex(): number {
    const [selected] = this.selectedOptions()
    return selected === undefined ? -1 : this.options().findIndex((option) => option.isSameNode(selected))
  }

  /** A list that takes only one has its first option selected when nothing says another. */
  selectedOptions(): Element[] {
    const marked = this.querySelectorAll('option[selected]')
    if (this.#takesMany) return marked
    return marked.length > 0 ? marked.slice(-1) : this.options().slice(0, 1)
  }

  size(): number {
    return this.whole('size', this.#takesMany ? 4 : 1)
  }

  type(): string {
    return this.#takesMany ? 'select-multiple' : 'select-one'
  }

  value(): string {
    return this.fieldValue()
  }

  get #takesMany(): boolean {
    return this.hasAttribute('multiple')
  }
}

export class TextAreaElement extends FormPart {
  /** Characters in it. */
  length(): number {
    return this.textContent().length
  }
}

export class OutputElement extends FormPart {
  defaultValue(): string {
    return this.textContent()
  }

  value(): string {
    return this.textContent()
  }
}

/** `meter`. */
export class MeterElement extends FormPart {}

export class ProgressElement extends FormPart {
  max(): number {
    return this.#number('max') ?? 1
  }

  /** From 0 to 1; -1 when it says nothing. */
  position(): number {
    return this.hasAttribute('value') ? this.value() / this.max() : -1
  }

  value(): number {
    return this.#number('value') ?? 0
  }

  #number(name: string): number | undefined {
    const value = Number.parseFloat(this.getAttribute(name) ?? '')
    return Number.isNaN(value) ? undefined : value
  }
}
