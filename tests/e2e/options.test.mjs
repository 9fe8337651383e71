// What a reader chooses of the view, by dialog and by key, and what of it is there again on the next visit.
import assert from 'node:assert/strict'
import { COLUMNS, axeSource, eventually, test } from './harness.mjs'

const dialog = (page, name) => page.getByRole('dialog', { name, exact: true })

async function options(page, ui) {
  await ui.button('View options').click()
  const options = dialog(page, 'View options')
  await options.waitFor()
  return options
}

async function close(page, open) {
  await page.keyboard.press('Escape')
  await open.waitFor({ state: 'detached' })
}

async function noFinding(page) {
  await page.evaluate(axeSource())
  const { violations } = await page.evaluate(() => window.axe.run())
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [])
}

test('columns are hidden and moved, rows keep to them, and the next visit too', async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const choice = await options(page, ui)
  await choice.getByRole('checkbox', { name: 'Analysis method', exact: true }).uncheck()
  assert.ok(await choice.getByRole('checkbox', { name: 'Task ID', exact: true }).isDisabled(), 'it opens the task')
  const up = choice.getByRole('button', { name: 'Move Duration up', exact: true })
  for (let step = 0; step < 4; step++) await up.click()
  assert.ok(await up.evaluate((button) => button.matches(':focus')), 'the focus goes with the column')
  await noFinding(page)
  await close(page, choice)
  const wanted = ['Task ID', 'Status', 'Duration', 'Created', 'Started', 'Completed']
  const holds = async () => {
    await eventually(async () => assert.deepEqual((await ui.headers.allInnerTexts()).filter(Boolean), wanted))
    await ui.shows(1, 10)
    // One that has a duration: a task that never started has none.
    const cells = await ui.rows.filter({ hasText: 'Successful' }).last().getByRole('cell').all()
    assert.equal(cells.length, wanted.length)
    assert.match(await cells[2].innerText(), /\d (s|min|h)$/)
    assert.equal(await cells[3].locator('time').count(), 1)
    const [head, cell] = await Promise.all([ui.headers.nth(4).boundingBox(), cells[4].boundingBox()])
    assert.ok(Math.abs(head.x - cell.x) < 1 && Math.abs(head.width - cell.width) < 1, 'header and cells are one column')
  }
  await holds()
  assert.ok(await ui.button('View options').evaluate((button) => button.matches(':focus')), 'the focus is back')
  assert.equal(calls.length, 1, 'nothing was asked for again')
  await ui.next.click()
  await ui.shows(11, 20)
  await page.reload()
  await ui.shows(11, 20)
  await ui.first.click()
  await holds()
  const again = await options(page, ui)
  await again.getByRole('button', { name: 'Reset', exact: true }).click()
  await again.waitFor({ state: 'detached' })
  await eventually(async () => assert.deepEqual(await ui.headers.allInnerTexts(), COLUMNS))
})

test('rows are as low as a reader wants them', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const height = async () => (await ui.rows.first().boundingBox()).height
  const before = await height()
  const choice = await options(page, ui)
  await choice.getByRole('combobox', { name: 'Density', exact: true }).selectOption('Compact')
  await close(page, choice)
  await eventually(async () => assert.ok(await height() < 0.8 * before, `${before} → ${await height()}`))
  await page.reload()
  await ui.shows(1, 10)
  assert.ok(await height() < 0.8 * before)
})

test('shortcuts do what their controls do, within the list only, and not while text is typed', async ({ open, ui, page, calls }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await page.keyboard.press('n')
  await ui.rows.first().getByRole('button').focus()
  await page.keyboard.press('n')
  await ui.shows(11, 20)
  assert.equal(calls.length, 2, 'a key outside the list is none of its own')
  await page.keyboard.press('p')
  await ui.shows(1, 10)
  await page.keyboard.press('p')
  await page.keyboard.press('Control+r').catch(() => {})
  await ui.shows(1, 10)
  await ui.refresh.focus()
  await page.keyboard.press('f')
  assert.ok(await ui.status.evaluate((select) => select.matches(':focus')))
  await page.keyboard.press('n') // a select takes letters for itself
  await page.keyboard.press('Tab')
  await ui.refresh.focus()
  await page.keyboard.press('?')
  const list = dialog(page, 'Keyboard shortcuts')
  await list.waitFor()
  for (const text of ['Refresh', 'Next page', 'Previous page', 'Export', 'View options']) await list.getByText(text, { exact: true }).waitFor()
  await noFinding(page)
  await list.getByRole('checkbox').uncheck()
  await close(page, list)
  const { length } = calls
  await ui.refresh.focus()
  await page.keyboard.press('r')
  await page.keyboard.press('v')
  await ui.refresh.click()
  await ui.shows(1, 10)
  assert.equal(calls.length, length + 1, 'the click asked, the keys did not')
  assert.equal(await page.getByRole('dialog').count(), 0)
})

test('the durations over time: a text says what the picture says, and it stays open', async ({ open, ui, page }) => {
  await open({ refresh: 'off', offset: 40 })
  await ui.shows(41, 42)
  await page.getByText('Durations over time', { exact: true }).click()
  const picture = page.getByRole('img', { name: /^Tasks on this page with a duration: \d+, started from .+ to .+\. Shortest .+, longest .+\.$/ })
  await picture.waitFor()
  assert.match(await picture.getAttribute('aria-label'), /Shortest 2 s,/)
  assert.equal(await picture.locator('path').count(), 2)
  await noFinding(page)
  await picture.evaluate((picture) => { picture.wasHere = true })
  await ui.refresh.click()
  await ui.shows(41, 42)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  assert.ok(await picture.evaluate((picture) => picture.wasHere), 'a refresh without a change leaves it as it is')
  const timed = async () => (await ui.rows.allInnerTexts()).filter((row) => !row.trimEnd().endsWith('—')).length
  for (const step of [() => ui.previous.click(), () => page.reload()]) {
    await step()
    await ui.shows(31, 40)
    await eventually(async () => assert.equal(await picture.locator('path').count(), await timed()))
  }
})

test('the address of the view is copied, and the button says so', { permissions: ['clipboard-read', 'clipboard-write'] }, async ({ open, ui, page }) => {
  await open({ refresh: 'off', status: 'failed' })
  await ui.idle()
  await ui.button('Copy link').click()
  await ui.button('Link copied').waitFor()
  await ui.announces('Link copied')
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url())
  await ui.button('Copy link').waitFor()
})

test('what was told of the list is not told again after a link was copied', { permissions: ['clipboard-read', 'clipboard-write'] }, async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await ui.next.click()
  await ui.announces('11–20 of 42 tasks')
  await ui.button('Copy link').click()
  await ui.announces('Link copied')
  const said = await page.evaluate(async () => {
    const list = document.querySelector('bigkey-tasks')
    const said = []
    const observer = new MutationObserver((changes) => said.push(...changes.map(({ target }) => target.textContent)))
    for (const status of list.shadowRoot.querySelectorAll('[role=status]')) observer.observe(status, { childList: true, characterData: true, subtree: true })
    await list.refresh()
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)))
    return said
  })
  assert.deepEqual(said, [])
})

/** A browser without a screen asks nobody and shows nothing: what would be shown is written down instead. */
const notifications = (page, permission) => page.addInitScript((permission) => {
  window.shown = []
  window.Notification = class extends EventTarget {
    static permission = 'default'
    static async requestPermission() { return (this.permission = permission) }
    constructor(title, { body }) { super(); window.shown.push([title, body]) }
    close() {}
  }
}, permission)

/** One task that runs, and has ended once the list is asked for again. */
async function oneTaskEnds(page) {
  let asked = 0
  await page.route(/bigkey-tasks\?/, (route) => route.fulfill({ json: { instance_id: 'i', count: 1, records: [
    { id: 'nightly', scan_type: 'auto', created_at: '2026-01-01T00:00:00Z', started_at: '2026-01-01T00:00:01Z', ...(asked++ ? { status: 'success', finished_at: '2026-01-01T00:00:09Z' } : { status: 'running' }) },
  ] } }))
}

const lookElsewhere = (page) => page.evaluate(() => Object.defineProperty(document, 'hasFocus', { configurable: true, value: () => false }))

test('the end of a task is told to who looks elsewhere, if wanted: by notification, and in the title until one looks', async ({ open, ui, page }) => {
  await notifications(page, 'granted')
  await oneTaskEnds(page)
  await open({ refresh: 'off' })
  await ui.idle()
  const choice = await options(page, ui)
  await choice.getByRole('checkbox', { name: 'Tell me when a task ends', exact: true }).check()
  await close(page, choice)
  await lookElsewhere(page)
  await ui.refresh.click()
  await eventually(async () => assert.deepEqual(await page.evaluate(() => window.shown), [['Big key analysis tasks', 'Task nightly: Successful']]))
  assert.equal(await page.title(), 'Task nightly: Successful – Big key analysis tasks')
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  assert.equal(await page.title(), 'Big key analysis tasks')
})

test('in a browser without notifications the title tells, and the list goes on', async ({ open, ui, page }) => {
  await page.addInitScript(() => {
    delete window.Notification
    if (location.protocol === 'http:') localStorage['bigkey-tasks.notify'] = 'on'
  })
  await oneTaskEnds(page)
  await open({ refresh: 'off' })
  await ui.idle()
  await lookElsewhere(page)
  await ui.refresh.click()
  await eventually(async () => assert.equal(await page.title(), 'Task nightly: Successful – Big key analysis tasks'))
  assert.equal(await ui.alert.count(), 0)
  await ui.rows.getByRole('button').first().click()
  await page.getByRole('dialog', { name: 'Task', exact: true }).waitFor()
})

test('nobody is told who did not ask for it', async ({ open, ui, page }) => {
  await notifications(page, 'granted')
  await oneTaskEnds(page)
  await open({ refresh: 'off' })
  await ui.idle()
  await close(page, await options(page, ui)) // what would tell is there
  await lookElsewhere(page)
  await page.evaluate(() => {
    window.finished = new Promise((done) => addEventListener('bigkey-task-finish', () => requestAnimationFrame(() => setTimeout(done)), { once: true }))
  })
  await ui.refresh.click()
  await page.evaluate(() => window.finished)
  assert.deepEqual([await page.evaluate(() => window.shown), await page.title()], [[], 'Big key analysis tasks'])
})

test('where the browser does not allow notifications, the choice says so, and the title still tells', async ({ open, ui, page }) => {
  await notifications(page, 'denied')
  await oneTaskEnds(page)
  await open({ refresh: 'off' })
  await ui.idle()
  const choice = await options(page, ui)
  await choice.getByRole('checkbox', { name: 'Tell me when a task ends', exact: true }).check()
  await choice.getByText(/^The browser does not allow notifications/).waitFor()
  await close(page, choice)
  await lookElsewhere(page)
  await ui.refresh.click()
  await eventually(async () => assert.match(await page.title(), /^Task nightly: Successful/))
  assert.deepEqual(await page.evaluate(() => window.shown), [])
})
