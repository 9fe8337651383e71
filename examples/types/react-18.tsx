// What the types allow and forbid in React 18, which has no props for a custom element's events. Never run.
import * as React from 'react'
import 'bigkey-tasks/react'
import type { BigkeyTasksElement } from 'bigkey-tasks/types'

export function Host() {
  const list = React.useRef<BigkeyTasksElement>(null)
  React.useEffect(() => {
    const heard = (event: CustomEvent<{ count: number | null }>) => event.detail.count
    list.current?.addEventListener('bigkey-load', heard)
    return () => list.current?.removeEventListener('bigkey-load', heard)
  })
  return <bigkey-tasks ref={list} project-id="p" instance-id="i" status="failed" limit={50} />
}
// @ts-expect-error no such status
export const wrongStatus = <bigkey-tasks status="done" />
// @ts-expect-error React 18 would make an attribute of that name of it
export const wrongProperty = <bigkey-tasks projectId="p" />
