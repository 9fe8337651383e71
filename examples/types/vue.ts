// What Vue's templates know of the element. Never run.
import 'bigkey-tasks/vue'
import type { GlobalComponents } from 'vue'

type Props = InstanceType<GlobalComponents['bigkey-tasks']>['$props']
export const fine: Props = { 'project-id': 'p', projectId: 'p', status: 'failed', limit: 20, onBigkeyLoad: (event) => event.detail.count, onBigkeyTaskSelect: (event) => event.detail.task.id }
// @ts-expect-error no such status
export const wrong: Props = { status: 'done' }
