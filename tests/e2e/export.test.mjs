// The tasks as a file: what makes it is loaded on demand.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { IN_FIREFOX, INSTANCE, TOTAL, axeSource, eventually, test } from './harness.mjs'

async function save(page, ui, { format, scope }) {
  await ui.button('Export').click()
  const dialog = page.getByRole('dialog', { name: 'Export', exact: true })
  await dialog.getByRole('combobox', { name: 'Format', exact: true }).selectOption(format)
  await dialog.getByRole('combobox', { name: 'Tasks', exact: true }).selectOption(scope)
  const download = page.waitForEvent('download')
  await ui.button('Save file').click()
  const file = await download
  return { dialog, name: file.suggestedFilename(), text: fs.readFileSync(await file.path(), 'utf8') }
}

const NO_DOWNLOADS = 'over WebDriver BiDi, downloads are not seen'

test('this page as CSV: a header, a line a task, named after instance and time', { skip: IN_FIREFOX && NO_DOWNLOADS }, async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const ids = await ui.ids()
  const { dialog, name, text } = await save(page, ui, { format: 'CSV', scope: 'This page' })
  assert.match(name, new RegExp(`^bigkey-tasks-${INSTANCE}-\\d{4}-\\d\\d-\\d\\dT\\d{4}Z\\.csv$`))
  const lines = text.split('\r\n')
  assert.equal(lines[0], 'id,scan_type,status,created_at,started_at,finished_at')
  assert.deepEqual(lines.slice(1, -1).map((line) => line.split(',')[0]), ids)
  assert.equal(lines.at(-1), '')
  assert.equal(calls.length, 1, 'what is on show is not asked for again')
  await ui.announces('Saved. Tasks in the file: 10')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await eventually(async () => assert.ok(await ui.button('Export').evaluate((button) => button.matches(':focus'))))
})

test('all tasks under the filter as JSON, each once', { skip: IN_FIREFOX && NO_DOWNLOADS }, async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off', status: 'success' })
  await ui.idle()
  const { name, text } = await save(page, ui, { format: 'JSON', scope: 'All tasks under this filter' })
  assert.match(name, /\.json$/)
  const tasks = JSON.parse(text)
  assert.ok(tasks.length > 10 && tasks.length < TOTAL, `${tasks.length}`)
  assert.deepEqual([...new Set(tasks.map(({ status }) => status))], ['success'])
  assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length)
  assert.deepEqual(calls.at(-1).query, { limit: '1000', offset: '0', status: 'success' })
})

test('a long export tells how far it is, and can be cancelled', async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off', instance_id: 'million' })
  await ui.idle()
  await ui.button('Export').click()
  const dialog = page.getByRole('dialog', { name: 'Export', exact: true })
  await dialog.getByRole('combobox', { name: 'Tasks', exact: true }).selectOption('All tasks under this filter')
  let saved = 0
  page.on('download', () => saved++)
  await ui.button('Save file').click()
  await dialog.getByText(/^[1-9][\d,]*,\d{3} of [\d,]+ read$/).waitFor()
  await ui.button('Cancel').click()
  await ui.announces('Cancelled. No file was saved.')
  const { length } = calls
  assert.equal(await ui.button('Cancel').count(), 0)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  assert.deepEqual([calls.length, saved], [length, 0])
})

test('while a file is made, another is not begun', async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off', instance_id: 'million' })
  await ui.idle()
  await ui.button('Export').click()
  const dialog = page.getByRole('dialog', { name: 'Export', exact: true })
  await dialog.getByRole('combobox', { name: 'Tasks', exact: true }).selectOption('All tasks under this filter')
  await ui.button('Save file').click()
  await dialog.getByText(/ read$/).waitFor()
  assert.equal(await ui.button('Save file').getAttribute('aria-disabled'), 'true')
  await ui.button('Save file').evaluate((button) => button.click())
  await dialog.getByText(/^[1-9][\d,]*,\d{3} of [\d,]+ read$/).waitFor()
  await ui.button('Cancel').click()
  await ui.announces('Cancelled. No file was saved.')
  const offsets = calls.slice(1).map(({ query }) => Number(query.offset))
  assert.ok(offsets.every((offset, i) => i === 0 || offset > offsets[i - 1]), `the list was read more than once: ${offsets}`)
  assert.equal(await ui.button('Save file').getAttribute('aria-disabled'), null)
})

test('taken away while what makes the file is on its way: the next element is none the worse', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  let release
  const released = new Promise((done) => { release = done })
  await page.route('**/bigkey-extras-*_bg.wasm', async (route) => { await released; await route.continue() })
  const asked = page.waitForRequest('**/bigkey-extras-*_bg.wasm')
  await page.evaluate(() => { window.file = document.querySelector('bigkey-tasks').exportTasks().then(() => 'made', (error) => error.name) })
  const request = await asked
  await page.evaluate(async () => {
    const list = document.querySelector('bigkey-tasks')
    list.remove()
    window.gone = await window.file
  })
  release()
  await (await request.response()).finished()
  await page.evaluate(() => {
    const next = document.querySelector('main').appendChild(document.createElement('bigkey-tasks'))
    Object.assign(next, { projectId: new URL(location).searchParams.get('project_id'), instanceId: new URL(location).searchParams.get('instance_id') })
  })
  await ui.shows(1, 10)
  assert.equal(await page.evaluate(() => window.gone), 'AbortError')
  await ui.rows.getByRole('button').first().click()
  await page.getByRole('dialog', { name: 'Task', exact: true }).waitFor()
})

test('a page that does not come is an error of the file', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await page.route(/limit=1000/, (route) => route.fulfill({ status: 500, json: { error_code: 'DCS.5000', error_msg: 'No.' } }))
  await ui.button('Export').click()
  await page.getByRole('combobox', { name: 'Tasks', exact: true }).selectOption('All tasks under this filter')
  await ui.button('Save file').click()
  await ui.announces('DCS.5000. Try again. If it keeps failing, contact support with the code above.')
})

test('where the list could not be had, there is no file, and that is not called empty', async ({ open, ui, page }) => {
  await open({ refresh: 'off', instance_id: 'fail-500' })
  await ui.alert.waitFor()
  await ui.button('Export').click()
  await ui.button('Save file').click()
  await ui.announces('There is nothing to save: the list is not there. Close this, and Retry.')
})

test('the export dialog has no fault that axe knows of', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await ui.button('Export').click()
  await page.getByRole('dialog').waitFor()
  await page.evaluate(axeSource())
  const { violations } = await page.evaluate(() => window.axe.run())
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [])
})
