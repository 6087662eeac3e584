/** Every text of the console, in English and in Chinese side by side: neither can be forgotten. */
import { business } from './business'
import { common } from './common'
import { desks } from './desks'
import { figures } from './figures'
import { pipeline } from './pipeline'
import { service } from './service'

export const words = { ...common, ...business, ...desks, ...figures, ...pipeline, ...service } as const
export type Word = keyof typeof words
