/** The words of the service desk's contract: where a ticket can lie, what it is about, how urgent it is, where it stands. */
export const QUEUES = ['technical_support', 'production', 'warehouse', 'finance'] as const
export const KINDS = ['technical', 'quality', 'delivery', 'billing', 'other'] as const
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export const STATES = ['new', 'open', 'pending', 'resolved', 'closed'] as const
