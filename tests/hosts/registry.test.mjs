// Other names and other registries: what a page can call the element, and that nothing of it is shared by accident.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { startProxy } from '../../examples/hosts.mjs'
import { INSTANCE, PROJECT, barePage, open, ui as controls, until } from './harness.mjs'

const LIMIT = { timeout: 60_000 }
const IDS = { projectId: PROJECT, instanceId: INSTANCE, refresh: 'off' }
let origin

before(async () => { origin = until(await startProxy(barePage('registry', '<main></main>'))).origin })

test('under another name it is the same element with a class of its own', LIMIT, async () => {
  const { page, infos, clean, context } = await open(origin)
  const made = await page.evaluate(async ({ ids }) => {
    const { define, BigkeyTasksElement } = await import('/bigkey-tasks.js')
    const early = Object.assign(document.createElement('task-list'), ids, { id: 'early', limit: 20 })
    document.querySelector('main').append(early)
    define('task-list')
    const late = Object.assign(document.createElement('task-list'), ids, { id: 'late', offset: 10 })
    const first = Object.assign(document.createElement('bigkey-tasks'), ids, { id: 'first' })
    document.querySelector('main').append(late, first)
    const before = customElements.get('task-list')
    define('task-list')
    let refused
    try { define('tasks') } catch (error) { refused = error.name }
    return {
      kinds: [early, late, first, new BigkeyTasksElement()].every((each) => each instanceof BigkeyTasksElement),
      names: [customElements.get('bigkey-tasks') === BigkeyTasksElement, before !== BigkeyTasksElement, customElements.get('task-list') === before],
      refused,
    }
  }, { ids: IDS })
  assert.deepEqual(made, { kinds: true, names: [true, true, true], refused: 'SyntaxError' })
  assert.deepEqual(infos, ['<task-list> is already defined; this copy of the module stays unused.'])
  const [early, late, first] = ['#early', '#late', '#first'].map((id) => controls(page.locator(id)))
  await early.shows(1, 20)
  await late.shows(11, 20)
  await first.shows(1, 10)
  await late.next.click()
  await late.shows(21, 30)
  await early.shows(1, 20)
  await first.shows(1, 10)
  clean()
  await context.close()
})

test('in a registry of its own the name stays out of the page’s', LIMIT, async (t) => {
  const { page, infos, clean, context } = await open(origin)
  const isThere = await page.evaluate(() => {
    try { return document.createElement('i').attachShadow && Boolean(new CustomElementRegistry()) } catch { return false }
  })
  if (!isThere) { t.skip('this browser has no scoped registries'); await context.close(); return }
  const made = await page.evaluate(async ({ ids }) => {
    const { define, BigkeyTasksElement } = await import('/bigkey-tasks.js')
    const scoped = new CustomElementRegistry()
    define('scoped-list', scoped)
    define('bigkey-tasks', scoped)
    define('scoped-list', scoped)
    const section = document.querySelector('main').appendChild(document.createElement('section'))
    const root = section.attachShadow({ mode: 'open', customElementRegistry: scoped })
    root.innerHTML = '<scoped-list></scoped-list><bigkey-tasks></bigkey-tasks>'
    Object.assign(root.children[0], ids, { id: 'scoped', offset: 10 })
    Object.assign(root.children[1], ids, { id: 'same', offset: 20 })
    const outside = Object.assign(document.createElement('scoped-list'), ids, { id: 'outside' })
    document.querySelector('main').append(outside)
    return {
      global: customElements.get('scoped-list') === undefined, outside: outside instanceof BigkeyTasksElement,
      scoped: [...root.children].map((each) => each instanceof BigkeyTasksElement), ownClass: scoped.get('bigkey-tasks') !== customElements.get('bigkey-tasks'),
    }
  }, { ids: IDS })
  assert.deepEqual(made, { global: true, outside: false, scoped: [true, true], ownClass: true })
  assert.deepEqual(infos, ['<scoped-list> is already defined; this copy of the module stays unused.'])
  const [scoped, same] = ['#scoped', '#same'].map((id) => controls(page.locator(id)))
  await scoped.shows(11, 20)
  await same.shows(21, 30)
  await scoped.next.click()
  await scoped.shows(21, 30)
  await scoped.rows.first().getByRole('button').first().click()
  await page.locator('#scoped').getByRole('dialog').waitFor()
  clean()
  await context.close()
})
