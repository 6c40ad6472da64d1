import { describe, expect, it } from 'vitest'
import { INKS } from '../../../src/report/html/ink.ts'
import { STYLESHEET } from '../../../src/report/html/stylesheet.ts'

type Scheme = 'light' | 'dark'

/** Colours of the page by name, of the light or the dark scheme. */
function variables(scheme: Scheme): Map<string, string> {
  const rules = [...STYLESHEET.matchAll(/:root\{([^}]*)\}/g)].map(([, rule = '']) => rule)
  const rule = rules[scheme === 'light' ? 0 : 1] ?? ''
  return new Map(
    [...rule.matchAll(/--([\w-]+):(#[0-9a-f]+)/g)].map(([, name = '', color = '']) => [name, color]),
  )
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const hex = color.length === 4 ? color.replaceAll(/[0-9a-f]/g, '$&$&') : color
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

describe.each<Scheme>(['light', 'dark'])('in the %s scheme', (scheme) => {
  const colors = variables(scheme)
  const backgrounds = ['page', 'card'].map((name) => colors.get(name) ?? '')

  it.each(['text', 'muted', 'link', 'good', 'bad', 'warn'])('%s can be read: 4.5 : 1', (name) => {
    for (const background of backgrounds) {
      expect(contrast(colors.get(name) ?? '', background)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(Object.entries(INKS))('%s stands out: 3 : 1', (name, ink) => {
    expect(colors.get(name)).toBe(ink[scheme])
    for (const background of backgrounds) {
      expect(contrast(ink[scheme], background)).toBeGreaterThanOrEqual(3)
    }
  })
})

it('measures contrast as WCAG does', () => {
  expect(contrast('#000', '#fff')).toBeCloseTo(21)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 1)
})
