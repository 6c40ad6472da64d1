/** A module in the style of those that scripts import to make their summaries: it goes through the whole of the data. */

function checksOf(group, indent) {
  const lines = group.checks.map((check) => {
    const mark = check.fails === 0 ? 'ok' : 'failed'
    return `${indent}${mark} ${check.path} ${check.passes}/${check.passes + check.fails} ${check.id.length}`
  })
  for (const inner of group.groups) {
    lines.push(`${indent}# ${inner.name}`, ...checksOf(inner, `${indent}  `))
  }
  return lines
}

function figureOf(metric, name, stats) {
  const { values } = metric
  switch (metric.type) {
    case 'counter':
      return `${values.count} ${values.rate.toFixed(1)}/s`
    case 'gauge':
      return `${values.value} ${values.min} ${values.max}`
    case 'rate':
      return `${(100 * values.rate).toFixed(0)}% ${values.passes} ${values.fails}`
    default:
      return stats.map((stat) => `${stat}=${values[stat].toFixed(0)}`).join(' ')
  }
}

export function textSummary(data, options = {}) {
  const indent = options.indent ?? ''
  const { summaryTrendStats } = data.options
  const names = Object.keys(data.metrics).sort((a, b) => (a < b ? -1 : 1))
  const width = Math.max(...names.map((name) => name.length))
  const lines = names.map((name) => {
    const metric = data.metrics[name]
    const verdicts = Object.values(metric.thresholds ?? {})
    const mark = verdicts.length === 0 ? ' ' : verdicts.every(({ ok }) => ok) ? '+' : '-'
    return `${indent}${mark} ${name.padEnd(width, '.')}: ${figureOf(metric, name, summaryTrendStats)}`
  })
  return [...checksOf(data.root_group, indent), ...lines].join('\n')
}

export function jUnit(data) {
  const cases = []
  for (const [name, { thresholds = {} }] of Object.entries(data.metrics)) {
    for (const [expression, { ok }] of Object.entries(thresholds)) {
      const inner = ok ? '' : '<failure message="failed"/>'
      cases.push(`<testcase name="${name} - ${expression.replaceAll('<', '&lt;')}">${inner}</testcase>`)
    }
  }
  const failures = cases.filter((each) => each.includes('<failure')).length
  return `<testsuite name="k6 thresholds" tests="${cases.length}" failures="${failures}">${cases.join('')}</testsuite>`
}
