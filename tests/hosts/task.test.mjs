// A task in full, the focus on the way there and back, and a file that is under way when the element goes.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { startProxy } from '../../examples/hosts.mjs'
import { INSTANCE, PROJECT, barePage, eventually, open, until } from './harness.mjs'

const LIMIT = { timeout: 60_000 }
const IDS = { projectId: PROJECT, instanceId: INSTANCE, refresh: 'off' }
/** No address of this machine, and not encrypted: for the browser an origin like any other on plain http. */
const INSECURE = 'http://portal.test'
const TASK = {
  id: '858ee14c-2271-4489-8b82-7bda7459ae3e', status: 'success', scan_type: 'auto',
  created_at: '2024-01-01T23:30:00.123Z', started_at: '2024-01-01T23:31:00.000Z', finished_at: '2024-01-01T23:33:30.400Z',
}
let origin

before(async () => { origin = until(await startProxy(barePage('task', '<textarea id="field"></textarea><main></main>'))).origin })

/** A page with one element; `task` is its only one, if given. */
async function mount({ at = origin, task, ...options } = {}) {
  const opened = await open('about:blank', options)
  const { page } = opened
  if (at === INSECURE) {
    await page.route(`${INSECURE}/**`, async (route) => {
      const response = await route.fetch({ url: route.request().url().replace(INSECURE, origin) })
      const { 'cross-origin-opener-policy': _unknownThere, ...headers } = response.headers()
      await route.fulfill({ response, headers })
    })
  }
  if (task) await page.route('**/v2/**', (route) => route.fulfill({ json: { instance_id: INSTANCE, count: 1, records: [task] } }))
  await page.goto(at)
  await page.evaluate(async ({ ids }) => {
    await import('/bigkey-tasks.js')
    const element = Object.assign(document.createElement('bigkey-tasks'), ids)
    const loaded = new Promise((next) => element.addEventListener('bigkey-load', next, { once: true }))
    document.querySelector('main').append(element)
    await loaded
  }, { ids: IDS })
  return { ...opened, dialog: page.getByRole('dialog'), first: opened.ui.rows.first().getByRole('button').first() }
}

/** What has the focus: the element in the page, and within it. */
const focused = (page) => page.evaluate(() => {
  const inner = document.querySelector('bigkey-tasks').shadowRoot.activeElement
  return [document.activeElement.localName, inner && `${inner.localName} ${inner.getAttribute('aria-label') ?? inner.closest('label')?.firstChild.textContent ?? inner.textContent}`]
})

const UTC = [TASK.created_at, TASK.started_at, TASK.finished_at]
const FIELDS = [
  ['Task ID', TASK.id, ''], ['Status', 'Successful', ''], ['Analysis method', 'Automatic', ''],
  ['Created', '2 Jan 2024, 00:30:00', UTC[0]], ['Started', '2 Jan 2024, 00:31:00', UTC[1]], ['Completed', '2 Jan 2024, 00:33:30', UTC[2]],
  ['Duration', '2 min 30 s', ''],
]

test('the dialog has all seven fields, and every instant in the reader’s zone and in UTC', LIMIT, async () => {
  const { page, dialog, first, clean, context } = await mount({ task: TASK, timezoneId: 'Europe/Berlin' })
  await first.click()
  await dialog.waitFor()
  const lines = () => dialog.evaluate((element) => [...element.querySelectorAll('dl > div')].map((line) => [...line.querySelectorAll('dt, dd > span > *')].map((each) => each.textContent)))
  assert.deepEqual(await lines(), FIELDS)
  assert.equal(await dialog.getByRole('button', { name: /^Copy / }).count(), 7)
  await page.keyboard.press('Escape')
  await page.evaluate(() => { document.querySelector('bigkey-tasks').timeZone = 'UTC' })
  await first.click()
  await eventually(async () => assert.deepEqual((await lines())[3], ['Created', '1 Jan 2024, 23:30:00', UTC[0]]))
  clean()
  await context.close()
})

test('what a task lacks is told by a dash, without a button to copy it', LIMIT, async () => {
  const { dialog, first, clean, context } = await mount({ task: { id: 'a', status: 'waiting', created_at: UTC[0] } })
  await first.click()
  const lines = await dialog.evaluate((element) => [...element.querySelectorAll('dl > div')].map((line) => [line.querySelector('dd span span').textContent === '—', line.querySelector('button').checkVisibility()]))
  assert.deepEqual(lines, [[false, true], [false, true], [true, false], [false, true], [true, false], [true, false], [true, false]])
  clean()
  await context.close()
})

for (const [name, at] of [['a secure page', undefined], ['a page on plain http', INSECURE]]) {
  test(`every button copies its field in ${name}`, LIMIT, async () => {
    const { page, dialog, first, clean, context } = await mount({ at, task: TASK, timezoneId: 'Europe/Berlin', permissions: ['clipboard-read', 'clipboard-write'] })
    assert.equal(await page.evaluate(() => isSecureContext), at === undefined)
    for (const [field, value, utc] of FIELDS) {
      await first.click()
      const button = dialog.getByRole('button', { name: `Copy ${field}`, exact: true })
      await button.click()
      await eventually(async () => assert.match(await button.getAttribute('class'), /copied/))
      assert.deepEqual(await focused(page), ['bigkey-tasks', `button Copy ${field}`], 'the focus stays on the button')
      assert.equal(await dialog.locator('textarea').count(), 0)
      await page.keyboard.press('Escape')
      await page.locator('#field').fill('')
      await page.locator('#field').focus()
      await page.keyboard.press('Control+V')
      assert.equal(await page.locator('#field').inputValue(), utc || value, field)
    }
    clean()
    await context.close()
  })
}

test('closed by key or button, the focus is on the task again', LIMIT, async () => {
  const { page, ui, dialog, clean, context } = await mount()
  await ui.shows(1, 10)
  const id = (await ui.ids())[3]
  const task = ui.rows.nth(3).getByRole('button').first()
  for (const close of [() => page.keyboard.press('Escape'), () => dialog.getByRole('button', { name: 'Close', exact: true }).click()]) {
    for (const opening of [() => task.press('Enter'), () => task.click()]) {
      await opening()
      await dialog.waitFor()
      assert.match((await focused(page))[1], /^button (Close|Copy)/, 'the focus is in the dialog')
      await close()
      await dialog.waitFor({ state: 'hidden' })
      assert.deepEqual(await focused(page), ['bigkey-tasks', `button ${id}`])
    }
  }
  clean()
  await context.close()
})

test('whoever focuses the element, or clicks beside its controls, is at its first control', LIMIT, async () => {
  const { page, ui, clean, context } = await mount()
  await ui.shows(1, 10)
  assert.deepEqual(await focused(page), ['body', null], 'the focus is nobody’s until then')
  await page.evaluate(() => document.querySelector('bigkey-tasks').focus())
  assert.deepEqual(await focused(page), ['bigkey-tasks', 'select Status'])
  await page.locator('#field').focus()
  await page.getByText('1–10 of 42', { exact: true }).dblclick()
  assert.deepEqual(await focused(page), ['bigkey-tasks', 'select Status'])
  assert.notEqual(await page.evaluate(() => getSelection().toString().trim()), '', 'its text can still be selected')
  // Who is inside already stays there.
  await ui.refresh.focus()
  await page.evaluate(() => document.querySelector('bigkey-tasks').focus())
  assert.deepEqual(await focused(page), ['bigkey-tasks', 'button Refresh'])
  clean()
  await context.close()
})

test('a file that is under way when the element is taken away is given up by name', LIMIT, async () => {
  const { page, ui, clean, context } = await mount()
  await ui.shows(1, 10)
  const ended = []
  page.on('requestfailed', (request) => ended.push(request.url()))
  await page.route('**/v2/**limit=1000**', () => {}) // never answered
  const asked = page.waitForRequest(/limit=1000/)
  const outcome = page.evaluate(async () => {
    const element = (document.body.list = document.querySelector('bigkey-tasks'))
    return element.exportTasks({ format: 'csv', scope: 'all' }).then(() => 'fulfilled', (error) => [error instanceof DOMException, error.name])
  })
  await asked
  await page.evaluate(() => document.body.list.remove())
  assert.deepEqual(await outcome, [true, 'AbortError'])
  await eventually(() => assert.ok(ended.some((url) => /limit=1000/.test(url)), 'its request ends too'))
  await page.evaluate(() => document.querySelector('main').append(document.body.list))
  await ui.shows(1, 10)
  assert.equal(await page.evaluate(() => document.body.list.exportTasks({ format: 'json', scope: 'page' }).then(async (file) => JSON.parse(await file.text()).length)), 10)
  clean()
  await context.close()
})
