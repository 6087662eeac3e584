/** Every text of the console, in English and in Chinese side by side: neither can be forgotten. */
import { business } from './business'
import { common } from './common'
import { desks } from './desks'

export const words = { ...common, ...business, ...desks } as const
export type Word = keyof typeof words
