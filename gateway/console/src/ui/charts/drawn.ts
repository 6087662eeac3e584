/** What a chart shows: the same numbers are drawn, stand in its table, and are downloaded. */
export interface Cell {
  /** Only for the drawing; null leaves a gap. */
  size: number | null
  text: string
  /** The exact value, as the service told it. */
  exact: string
}

export interface Drawn {
  /** What the points are: months, customers. */
  head: string
  points: string[]
  /** Each with as many cells as there are points. */
  series: { name: string; cells: Cell[] }[]
}

/** line: over time. target: what was reached, before what was aimed at. stack: parts of a whole, in an order. */
export type Kind = 'line' | 'target' | 'stack'

export const textRows = ({ points, series }: Drawn): string[][] =>
  points.map((point, n) => [point, ...series.map((each) => each.cells[n]!.text)])

export const exactRows = ({ head, points, series }: Drawn): string[][] => [
  [head, ...series.map((each) => each.name)],
  ...points.map((point, n) => [point, ...series.map((each) => each.cells[n]!.exact)])
]
