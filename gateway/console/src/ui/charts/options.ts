/** How each kind of chart is drawn, in the colours of the page as it is now. */
import type { EChartsCoreOption } from 'echarts/core'
import { locale } from '../language'
import type { Drawn, Kind } from './drawn'

export interface Ink {
  text: string
  soft: string
  line: string
  panel: string
  /** Of the page: a drawing measures its words by it, and does not know what "inherit" is. */
  font: string
  /** Told apart by brightness as well as by hue. */
  series: string[]
  /** From harmless to worst, each darker (on dark ground: stronger) than the one before. */
  ramp: string[]
}

/** Read the colours that the style sheet has for the theme which is on. */
export function inkOfPage(): Ink {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    font: getComputedStyle(document.body).fontFamily,
    text: read('ink'),
    soft: read('soft'),
    line: read('line'),
    panel: read('panel'),
    series: [1, 2, 3].map((n) => read(`chart-${n}`)),
    ramp: [0, 1, 2, 3, 4, 5].map((n) => read(`age-${n}`))
  }
}

const short = (value: number): string =>
  new Intl.NumberFormat(locale(), { notation: 'compact', maximumFractionDigits: 1 }).format(value)

/** A month at the axis is said in a word; everything else as it is. */
const atAxis = (point: string): string =>
  /^\d{4}-\d{2}$/.test(point)
    ? new Intl.DateTimeFormat(locale(), { month: 'short', year: '2-digit', timeZone: 'UTC' }).format(new Date(`${point}-01T00:00:00Z`))
    : point

type Hovered = { seriesIndex: number; dataIndex: number; marker: string }

/** What both axes, the legend and the words at the pointer share. Those words are drawn, never parsed as HTML. */
function frame(drawn: Drawn, ink: Ink, flat: boolean): EChartsCoreOption {
  const words = { color: ink.soft, fontFamily: ink.font, fontSize: 12 }
  const values = {
    type: 'value',
    axisLabel: { ...words, formatter: short },
    splitLine: { lineStyle: { color: ink.line } },
    splitNumber: 4
  }
  const points = {
    type: 'category',
    data: drawn.points,
    inverse: flat,
    axisLabel: { ...words, ...(flat ? { width: 130, overflow: 'truncate' } : { hideOverlap: true, formatter: atAxis }) },
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false }
  }
  return {
    animation: false,
    textStyle: { fontFamily: ink.font, color: ink.text },
    grid: { left: 8, right: 20, top: drawn.series.length > 1 ? 40 : 14, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: drawn.series.length > 1, top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { ...words, color: ink.text } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: flat ? 'shadow' : 'line', lineStyle: { color: ink.soft }, shadowStyle: { opacity: 0.12 } },
      backgroundColor: ink.panel,
      borderColor: ink.line,
      textStyle: { color: ink.text, fontSize: 12 },
      formatter: (hovered: Hovered[]) => told(drawn, hovered)
    },
    xAxis: flat ? values : points,
    yAxis: flat ? points : values
  }
}

function told(drawn: Drawn, hovered: Hovered[]): string {
  const [first] = hovered
  if (!first) return ''
  const each = hovered.map(({ seriesIndex, dataIndex, marker }) => {
    const { name, cells } = drawn.series[seriesIndex]!
    return `${marker}${name}  ${cells[dataIndex]!.text}`
  })
  return [drawn.points[first.dataIndex], ...each].join('\n')
}

const SERIES: Record<Kind, (drawn: Drawn, ink: Ink) => object[]> = {
  line: (drawn, ink) =>
    drawn.series.map((each, n) => ({
      type: 'line',
      name: each.name,
      data: each.cells.map((cell) => cell.size),
      color: ink.series[n],
      lineStyle: { width: 2.5, type: (['solid', 'dashed', 'dotted'] as const)[n] },
      symbol: (['circle', 'rect', 'triangle'] as const)[n],
      symbolSize: 6,
      areaStyle: drawn.series.length === 1 ? { opacity: 0.1 } : undefined
    })),
  target: (drawn, ink) =>
    drawn.series.map((each, n) => ({
      type: 'bar',
      name: each.name,
      data: each.cells.map((cell) => cell.size),
      barGap: '-100%',
      barWidth: n === 0 ? 10 : 22,
      z: n === 0 ? 3 : 2,
      itemStyle: n === 0 ? { color: ink.series[0], borderRadius: 3 } : { color: ink.line, borderColor: ink.soft, borderWidth: 1, borderRadius: 4 }
    })),
  stack: (drawn, ink) =>
    drawn.series.map((each, n) => ({
      type: 'bar',
      name: each.name,
      stack: 'whole',
      data: each.cells.map((cell) => cell.size),
      barMaxWidth: 18,
      itemStyle: { color: ink.ramp[n], borderColor: ink.panel, borderWidth: 1 }
    }))
}

export const optionOf = (kind: Kind, drawn: Drawn, ink: Ink): EChartsCoreOption => ({
  ...frame(drawn, ink, kind !== 'line'),
  series: SERIES[kind](drawn, ink)
})

const BAR_PX = 34
const ROOM_PX = 80
const LINE_PX = 260

/** Return how high a chart has to be for what it shows, in pixels. */
export const heightOf = (kind: Kind, drawn: Drawn): number =>
  kind === 'line' ? LINE_PX : ROOM_PX + BAR_PX * drawn.points.length
