/** Every text of the console, in English and in Chinese side by side: neither can be forgotten. */
import { admin } from './admin'
import { bank } from './bank'
import { books } from './books'
import { business } from './business'
import { charts } from './charts'
import { common } from './common'
import { desk } from './desk'
import { desks } from './desks'
import { figures } from './figures'
import { forms } from './forms'
import { imports } from './imports'
import { items } from './items'
import { knowledge } from './knowledge'
import { overview } from './overview'
import { pipeline } from './pipeline'
import { promotions } from './promotions'
import { returns } from './returns'
import { rules } from './rules'
import { service } from './service'
import { warehouse } from './warehouse'

export const words = {
  ...common, ...business, ...desks, ...figures, ...charts, ...books, ...overview, ...pipeline, ...service, ...admin, ...rules,
  ...warehouse, ...items, ...returns, ...bank, ...forms, ...desk, ...promotions, ...imports, ...knowledge,
} as const
export type Word = keyof typeof words
