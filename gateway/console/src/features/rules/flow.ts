/** An approval flow while it is written: every way of giving a value beside the others, and what is sent of it. */
import type { Schemas } from '@/api/client'
import type { Flow, FlowBody } from './flowApi'

export type FlowField = Schemas['FieldOut']
export type Fields = Map<string, FlowField>

export interface ClauseDraft {
  field: string
  comparison: Schemas['ClauseIn']['comparison']
  amount: string
  currency: string
  plain: string
  flag: boolean
  texts: string[]
}
export interface ApproverDraft {
  kind: Schemas['ApproverIn']['kind']
  name: string
  level: number
}
export interface StepDraft {
  name: string
  together: boolean
  needs: 'any' | 'all' | 'number'
  number: number
  approvers: ApproverDraft[]
  escalate: boolean
  hours: number
  escalateTo: string
  otherwise: string
}
export interface FlowDraft {
  name: string
  /** Which kind of document it asks about, where a service has several. */
  document: string
  active: boolean
  cases: { clauses: ClauseDraft[] }[]
  steps: StepDraft[]
}

export const newClause = (): ClauseDraft => ({
  field: '', comparison: 'at_least', amount: '', currency: 'USD', plain: '', flag: true, texts: []
})
export const newApprover = (): ApproverDraft => ({ kind: 'role', name: '', level: 1 })
export const newStep = (): StepDraft => ({
  name: '', together: false, needs: 'any', number: 2, approvers: [newApprover()], escalate: false, hours: 24, escalateTo: '',
  otherwise: ''
})
export const newFlow = (): FlowDraft => ({
  name: '', document: '', active: true, cases: [{ clauses: [newClause()] }], steps: [newStep()]
})

export function draftOf(flow: Flow): FlowDraft {
  return {
    name: flow.name!,
    document: flow.document ?? '',
    active: flow.active!,
    cases: flow.cases!.map((each) => ({
      clauses: each.clauses!.map((clause) => ({
        ...newClause(),
        field: clause.field!,
        comparison: clause.comparison!,
        amount: clause.amount?.amount ?? '',
        currency: clause.amount?.currency ?? 'USD',
        plain: clause.percent ?? clause.number ?? clause.day ?? '',
        flag: clause.flag ?? true,
        texts: clause.texts ?? []
      }))
    })),
    steps: flow.steps!.map((step, n) => ({
      name: step.name!,
      together: n > 0 && step.stage === flow.steps![n - 1]!.stage,
      needs: step.needs!,
      number: step.people_needed ?? 2,
      approvers: step.approvers!.map((one) => ({
        kind: one.kind!,
        name: one.kind === 'superior' ? '' : one.name!,
        level: one.level ?? 1
      })),
      escalate: step.escalate_after_hours !== null,
      hours: step.escalate_after_hours ?? 24,
      escalateTo: step.escalate_to ?? '',
      otherwise: step.otherwise ?? ''
    }))
  }
}

function clauseOf(draft: ClauseDraft, fields: Fields): Schemas['ClauseIn'] {
  const about = { field: draft.field, comparison: draft.comparison }
  switch (fields.get(draft.field)?.given_as) {
    case 'amount':
      return { ...about, amount: { amount: draft.amount.trim(), currency: draft.currency.trim() } }
    case 'percent':
      return { ...about, percent: draft.plain.trim() }
    case 'number':
      return { ...about, number: draft.plain.trim() }
    case 'day':
      return { ...about, day: draft.plain.trim() }
    case 'flag':
      return { ...about, flag: draft.flag }
    default:
      return { ...about, texts: draft.texts }
  }
}

const approverOf = (draft: ApproverDraft): Schemas['ApproverIn'] =>
  draft.kind === 'superior' ? { kind: draft.kind, level: draft.level } : { kind: draft.kind, name: draft.name }

/** What is sent: a step that is asked together with the one before has its stage. */
export function bodyOf(draft: FlowDraft, fields: Fields): FlowBody {
  let stage = 0
  return {
    name: draft.name.trim(),
    ...(draft.document ? { document: draft.document } : {}),
    active: draft.active,
    cases: draft.cases.map((each) => ({ clauses: each.clauses.map((clause) => clauseOf(clause, fields)) })),
    steps: draft.steps.map((step, n) => {
      if (n === 0 || !step.together) stage += 1
      const asksSuperior = step.approvers.some((one) => one.kind === 'superior')
      return {
        name: step.name.trim(),
        stage,
        needs: step.needs,
        ...(step.needs === 'number' ? { number: step.number } : {}),
        approvers: step.approvers.map(approverOf),
        escalate_after_hours: step.escalate ? step.hours : null,
        escalate_to: step.escalate ? step.escalateTo : null,
        ...(asksSuperior && step.otherwise ? { otherwise: step.otherwise } : {})
      }
    })
  }
}
