// What the types say without a framework. Never run.
import { configure, define } from 'bigkey-tasks'
import type { BigkeyErrorKind, BigkeyTask } from 'bigkey-tasks/types'

define('bigkey-tasks-two')
configure({ wasmUrl: new URL('https://static.example.com/bigkey-tasks_bg.wasm'), catalogues: { de: '/texts/de.json' } })
const element = document.createElement('bigkey-tasks')
element.limit = 20
element.status = 'waiting'
element.refresh = 'off'
element.refresh = null
export const done: Promise<void> = element.refresh()
element.addEventListener('bigkey-task-select', (event) => {
  const task: BigkeyTask = event.detail.task
  event.preventDefault()
  return task.scan_type
})
element.addEventListener('bigkey-error', (event) => { const kind: BigkeyErrorKind = event.detail.kind; return [kind, event.detail.query?.offset] })
element.addEventListener('click', (event) => event.clientX)
// @ts-expect-error no such filter
element.status = 'done'
