/** A form while it is written: names in both languages beside each other, and what is sent of it. */
import type { Schemas } from '@/api/client'
import type { Form, FormField, NewForm } from './api'

export const TYPES = ['text', 'number', 'money', 'date', 'flag', 'choice'] as const

export interface OptionDraft {
  key: string
  en: string
  zh: string
  retired: boolean
  /** It is in a version already: its key stays. */
  kept: boolean
}
export interface FieldDraft {
  key: string
  en: string
  zh: string
  type: FormField['type']
  scale: number
  longest: number
  options: OptionDraft[]
  required: boolean
  from: string
  retired: boolean
  /** What the form says beside it that is not written here: it is sent again as it was. */
  before: FormField | null
}

export const newOption = (): OptionDraft => ({ key: '', en: '', zh: '', retired: false, kept: false })
export const newField = (): FieldDraft => ({
  key: '', en: '', zh: '', type: 'text', scale: 0, longest: 200, options: [newOption(), newOption()], required: false, from: '',
  retired: false, before: null
})

export const draftOf = (form: Form): FieldDraft[] =>
  form.fields.map((field) => ({
    key: field.key!,
    en: field.label!.en!,
    zh: field.label!.zh!,
    type: field.type!,
    scale: field.scale!,
    longest: field.longest!,
    options: field.options!.map((each) => ({
      key: each.key!, en: each.label!.en!, zh: each.label!.zh!, retired: each.retired!, kept: true
    })),
    required: Boolean(field.required_from),
    from: field.required_from ?? '',
    retired: field.retired!,
    before: field
  }))

/** A key as the services take it, out of an English name: "Risk level" gives `risk_level`. */
export function keyFrom(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '')
  return words.slice(0, 40)
}

const keyOf = (draft: FieldDraft): string => draft.key.trim() || keyFrom(draft.en)

function fieldOf(draft: FieldDraft): Schemas['FormFieldIn'] {
  const before = draft.before as Schemas['FormFieldIn'] | null
  return {
    key: keyOf(draft),
    label: { en: draft.en.trim(), zh: draft.zh.trim() },
    type: draft.type!,
    scale: draft.type === 'number' ? draft.scale : 0,
    longest: draft.longest,
    options:
      draft.type === 'choice'
        ? draft.options.map((each) => ({
            key: each.key || keyFrom(each.en), label: { en: each.en.trim(), zh: each.zh.trim() }, retired: each.retired
          }))
        : [],
    required_from: draft.required ? draft.from || null : null,
    seen_by: before?.seen_by ?? [],
    edited_by: before?.edited_by ?? [],
    retired: draft.retired,
    ...(before?.help ? { help: before.help } : {}),
    ...(before?.default ? { default: before.default } : {})
  }
}

export const bodyOf = (drafts: FieldDraft[], version: number): NewForm => ({ based_on: version, fields: drafts.map(fieldOf) })
