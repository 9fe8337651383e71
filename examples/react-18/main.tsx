// React 18 gives a custom element attributes only, and listens to none of its events: for those there is the ref.
import 'bigkey-tasks/react'
import type { BigkeyStatusFilter, BigkeyTask, BigkeyTasksElement, BigkeyTasksEventMap } from 'bigkey-tasks/types'
import { StrictMode, useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'

const PROJECT = 'a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71'
const INSTANCE = '5560df16-cebf-4473-95c4-d1b573c16e79'

function Portal() {
  const list = useRef<BigkeyTasksElement>(null)
  const [isShown, setShown] = useState(true)
  const [status, setStatus] = useState<BigkeyStatusFilter>('')
  const [count, setCount] = useState<number | null>(null)
  const [loads, setLoads] = useState(0)
  const [task, setTask] = useState<BigkeyTask | null>(null)
  useEffect(() => {
    const element = list.current
    if (!element) return
    const onLoad = (event: BigkeyTasksEventMap['bigkey-load']) => {
      setCount(event.detail.count)
      setLoads((n) => n + 1)
    }
    const onSelect = (event: BigkeyTasksEventMap['bigkey-task-select']) => {
      event.preventDefault()
      setTask(event.detail.task)
    }
    element.addEventListener('bigkey-load', onLoad)
    element.addEventListener('bigkey-task-select', onSelect)
    return () => {
      element.removeEventListener('bigkey-load', onLoad)
      element.removeEventListener('bigkey-task-select', onSelect)
    }
  }, [isShown])
  return (
    <main>
      <h1>React 18 host</h1>
      <button onClick={() => setShown(!isShown)}>{isShown ? 'Hide list' : 'Show list'}</button>
      <button onClick={() => setStatus('failed')}>Failed only</button>
      <button onClick={() => void list.current?.refresh()}>Again</button>
      <p data-testid="count">{count ?? 'unknown'}</p>
      <p data-testid="loads">{loads}</p>
      {task && <p data-testid="task">{task.id} {task.status ?? 'unknown'}</p>}
      {isShown && <bigkey-tasks ref={list} project-id={PROJECT} instance-id={INSTANCE} status={status} refresh="off" />}
    </main>
  )
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><Portal /></StrictMode>)
