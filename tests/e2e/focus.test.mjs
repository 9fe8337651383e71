// Where the focus goes when what it is on moves, or goes away: never out of the list.
import assert from 'node:assert/strict'
import { INSTANCE, PROJECT, eventually, test } from './harness.mjs'

const task = (id, status = 'running') => ({
  id, scan_type: 'auto', status, created_at: '2026-01-01T00:00:00Z', started_at: '2026-01-01T00:00:01Z', ...(status === 'success' && { finished_at: '2026-01-01T00:00:09Z' }),
})

/** Has the list answered with the tasks of these IDs, from now on. */
async function serve(page, ids) {
  await page.unrouteAll()
  await page.route(/bigkey-tasks\?/, (route) => route.fulfill({ json: { instance_id: 'i', count: ids.length, records: ids.map((id) => task(id)) } }))
}
const refreshed = (page) => page.evaluate(() => document.querySelector('bigkey-tasks').refresh())
/** The text of what has the focus; its class where there is none. */
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement.shadowRoot?.activeElement ?? document.activeElement
  return element.textContent.length < 40 && element.textContent ? element.textContent : element.className || element.localName
})

test('the focus goes with its task, and Tab stops there', async ({ open, ui, page }) => {
  await serve(page, ['one', 'two', 'three'])
  await open({ refresh: 'off' })
  await ui.button('two').focus()
  await serve(page, ['new', 'one', 'two', 'three'])
  await refreshed(page)
  assert.equal(await focused(page), 'two')
  assert.equal(await ui.button('two').getAttribute('tabindex'), '0')
  assert.equal(await page.locator('tbody [tabindex="0"]').count(), 1)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Task', exact: true }).getByText('two', { exact: true }).waitFor()
})

test('a task that is gone leaves the focus in its place, the last one to the one before, and none to the table', async ({ open, ui, page }) => {
  await serve(page, ['one', 'two', 'three'])
  await open({ refresh: 'off' })
  await ui.button('two').focus()
  for (const [left, at] of [[['one', 'three'], 'three'], [['one'], 'one'], [[], 'scroller empty']]) {
    await serve(page, left)
    await refreshed(page)
    assert.equal(await focused(page), at)
  }
})

test('what is not on a task keeps the focus, whatever the rows do', async ({ open, ui, page }) => {
  await serve(page, ['one', 'two'])
  await open({ refresh: 'off' })
  await ui.refresh.focus()
  for (const ids of [['new', 'one', 'two'], [], ['one']]) {
    await serve(page, ids)
    await refreshed(page)
    assert.equal(await focused(page), 'Refresh')
  }
})

test('from the form the focus goes to the list', async ({ page, ui, proxy }) => {
  for (const choose of [() => ui.instance.press('Enter'), () => page.getByRole('button', { name: /^No tasks yet/ }).press('Enter')]) {
    await page.goto(`${proxy.origin}/`)
    await ui.project.fill(PROJECT)
    await ui.instance.fill(INSTANCE)
    await choose()
    await eventually(async () => assert.match(await focused(page), /^scroller/))
  }
})

test('an instance that is forgotten leaves the focus to the next one, the last to the first field', async ({ page, ui, open }) => {
  const dialog = page.getByRole('dialog', { name: 'Change instance', exact: true })
  for (const instance_id of ['first', 'empty']) {
    await open({ instance_id })
    await ui.button('Change instance').click()
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  await ui.button('Change instance').click()
  const named = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabel)
  await ui.button('Forget empty').press('Enter')
  assert.equal(await named(), 'Forget first')
  await page.keyboard.press('Enter')
  assert.ok(await ui.project.evaluate((input) => input.matches(':focus')))
})

test('a file that is cancelled leaves the focus to what saves one', async ({ open, ui, page }) => {
  await open({ refresh: 'off', instance_id: 'million' })
  await ui.idle()
  await ui.button('Export').click()
  await page.getByRole('combobox', { name: 'Tasks', exact: true }).selectOption('All tasks under this filter')
  await ui.button('Save file').click()
  await ui.button('Cancel').press('Enter')
  await ui.announces('Cancelled. No file was saved.')
  assert.equal(await focused(page), 'Save file')
})
