// What the types allow and forbid in React 19. Never run.
import 'bigkey-tasks/react'

export const fine = [
  <bigkey-tasks key={1} project-id="p" instance-id="i" status="failed" limit={50} refresh="auto" className="wide" hidden />,
  <bigkey-tasks key={2} projectId="p" timeZone="UTC" theme="dark" refresh={30} onbigkey-error={(event) => event.detail.errorMsg?.length} />,
  <bigkey-tasks key={3} onbigkey-task-finish={(event) => event.detail.task.finished_at} ref={(element) => { void element?.refresh() }} />,
]
// @ts-expect-error no such status
export const wrongStatus = <bigkey-tasks status="done" />
// @ts-expect-error a number is wanted
export const wrongLimit = <bigkey-tasks limit="many" />
// @ts-expect-error no such property in the detail
export const wrongDetail = <bigkey-tasks onbigkey-load={(event) => event.detail.total} />
