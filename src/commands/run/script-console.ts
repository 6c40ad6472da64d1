import { inspect } from 'node:util'
import type { LogLevel } from '../../engine/ports.ts'

export type LogScript = (level: LogLevel, text: string) => void

type Write = (...values: unknown[]) => void

/** The `console` that scripts see. Objects are written as JSON, as k6 does. */
export function createConsole(log: LogScript): Record<'debug' | 'error' | 'info' | 'log' | 'warn', Write> {
  const at = (level: LogLevel): Write => {
    return (...values) => log(level, values.map(textOf).join(' '))
  }
  return { debug: at('info'), error: at('error'), info: at('info'), log: at('info'), warn: at('warn') }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return `${value.name}: ${value.message}`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return inspect(value, { depth: 2 })
  }
}
