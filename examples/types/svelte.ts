// What Svelte's templates know of the element. Never run.
import 'bigkey-tasks/svelte'
import type { SvelteHTMLElements } from 'svelte/elements'

type Props = SvelteHTMLElements['bigkey-tasks']
export const fine: Props = { 'project-id': 'p', status: 'failed', limit: 20, 'onbigkey-load': (event) => event.detail.count }
// @ts-expect-error no such status
export const wrong: Props = { status: 'done' }
