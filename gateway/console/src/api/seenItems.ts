/** The items that a terminal has seen, so that one is found by its number or its code without a connection. */
import { keep, keptUnder } from './answers'
import type { Schemas } from './client'
import { may } from './session'

type Item = Schemas['ItemOut']
type Seen = Item | Item[]

/** Keep what a search found; at a desk, where nobody works without a connection, nothing is. */
export function see(items: Item[], text: string): void {
  if (may('warehouse')) void keep(`item/found/${text}`, items)
}

/** Keep one that something is done with, under its own name: a document that has it asks for it so. */
export async function choose(item: Item): Promise<void> {
  if (may('warehouse')) await keep(`item/${item.id}`, item)
}

export async function seenItems(): Promise<Item[]> {
  const all = (await keptUnder<Seen>('item/')).flat()
  return [...new Map(all.map((each) => [each.id, each])).values()]
}
