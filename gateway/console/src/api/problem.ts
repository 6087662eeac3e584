/** A refusal as the API tells it (RFC 9457), or the want of any answer. */
export interface FieldError {
  field?: string
  message?: string
  cure?: string
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly service?: string,
    /** All that was told, with what only refusals of this kind have. */
    readonly members: Record<string, unknown> = {}
  ) {
    super(detail)
  }

  /** Whether nobody answered: the same act may be sent again under the same key. */
  get unanswered(): boolean {
    return this.status === 0 || this.status >= 500
  }

  /** Whether it is worth waiting: no answer, a session that is over, or too much to do. None of these is a no. */
  get later(): boolean {
    return [0, 401, 429, 502, 503, 504].includes(this.status) || this.code === 'csrf_token'
  }

  /** The fields that something is said about. */
  get fields(): string[] {
    return this.errors.map((each) => each.field ?? '')
  }

  /** What is said about a field; a field of a list is named like `lines.0.quantity`. */
  about(field: string): string {
    return this.errors.find((each) => each.field === field)?.message ?? ''
  }

  /** What is said about a part of the body, or of anything in it: `steps.0` for `steps.0.approvers.1.name`. */
  within(part: string): string {
    const said = this.errors.find((each) => each.field === part || each.field?.startsWith(`${part}.`))
    return [said?.message, said?.cure].filter(Boolean).join(' ')
  }
}

export const offline = (): Problem => new Problem(0, 'offline', 'The server cannot be reached.')

export function problemOf(status: number, body: unknown): Problem {
  const said = (body ?? {}) as Partial<{ code: string; detail: string; errors: FieldError[]; service: string }>
  return new Problem(
    status,
    said.code ?? `http_${status}`,
    said.detail ?? `The server answered with ${status}.`,
    said.errors ?? [],
    said.service,
    said
  )
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'unexpected', error instanceof Error ? error.message : String(error))
