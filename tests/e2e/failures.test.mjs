import assert from 'node:assert/strict'
import { FILTERS, eventually, startProxy, test } from './harness.mjs'

const NOTHING = 'No big key analysis tasks'

// instance, what the alert must hold, whether Retry can help (null: either will do)
const FAILURES = [
  ['fail-400-dcs-4919', ['DCS.4919', 'Does not support bigkey analyze.'], false],
  ['fail-400-busy', ['DCS.4026', 'The instance is being backed up.'], true],
  ['fail-400-digits', ['111400002', 'Invalid project ID format.'], false],
  ['fail-401', ['DCS.1001'], null],
  ['fail-401-gateway', ['APIGW.0301'], null],
  ['fail-401-iam', ['401', 'requires authentication'], null],
  ['fail-403', ['DCS.2003', 'You do not have permission'], null],
  ['fail-404', ['DCS.3022', 'does not exist'], null],
  ['fail-429', ['APIGW.0308', 'throttling threshold'], true],
  ['fail-429-bare', ['APIG.0308'], true],
  ['fail-500', ['DCS.5000', 'Internal service error.'], true],
  ['fail-502-html', ['502'], true],
  ['fail-503', ['DCS.5024'], true],
  ['fail-504', ['APIGW.0201'], true],
  ['answer-html', [], true],
  ['answer-empty', [], true],
  ['answer-cut', [], true],
  ['answer-records-null', [], true],
  ['answer-array', [], true],
  ['close-before', [], true],
  ['close-in-body', [], true],
]
for (const [instance, held, retry] of FAILURES) {
  test(`${instance} is told in plain words`, async ({ open, ui }) => {
    // A project of its own: a throttled project stays throttled for a while.
    await open({ project_id: instance.replaceAll('-', ''), instance_id: instance, refresh: 'off' })
    await ui.alert.waitFor()
    const text = await ui.alert.innerText()
    for (const part of held) assert.ok(text.includes(part), `the alert "${text}" lacks ${part}`)
    assert.doesNotMatch(text, /<\/?[a-z]+>|undefined|NaN|null|\[object|SyntaxError|TypeError/)
    assert.ok(text.trim().split(/\s+/).length >= 6, `"${text}" does not say what to do`)
    if (retry !== null) assert.equal(await ui.retry.count(), retry ? 1 : 0, retry ? 'there is no Retry' : 'there is a Retry that cannot help')
    assert.equal(await ui.text(NOTHING).count(), 0, 'an error looks like an empty list')
    assert.doesNotMatch(await ui.visibleText(), /\b0 of 0\b/)
    assert.equal(await ui.rows.count(), 0)
  })
}

test('Retry after a failure recovers, and later failures keep the rows', { proxy: true }, async ({ open, ui, calls, saysAddress }) => {
  await open({ instance_id: 'flaky', refresh: 'off' })
  await ui.alert.waitFor()
  await ui.retry.click()
  await ui.shows(1, 10)
  await eventually(async () => assert.equal(await ui.alert.count(), 0))
  const ids = await ui.ids()
  await ui.next.click()
  await ui.alert.waitFor()
  assert.deepEqual(await ui.ids(), ids, 'the rows stay')
  // …under the controls that are theirs; the alert and the address have what is not there.
  await ui.shows(1, 10)
  assert.equal(await ui.number(1).getAttribute('aria-current'), 'page')
  assert.match(await ui.alert.innerText(), /Not loaded: Page 2\. .* those of: Page 1\./)
  await saysAddress({ offset: '10', refresh: 'off' })
  await ui.retry.click()
  await ui.shows(11, 20)
  await saysAddress({ offset: '10', refresh: 'off' })
  await eventually(async () => assert.equal(await ui.alert.count(), 0))
  assert.deepEqual(calls.map((call) => [call.query.offset, call.status]), [['0', 500], ['0', 200], ['10', 500], ['10', 200]])
})

test('the server goes away and comes back', { proxy: true }, async (fixture) => {
  const { open, ui, proxy } = fixture
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const ids = await ui.ids()
  await proxy.stop()
  await ui.next.click() // the browser may still have the first page at hand
  await ui.alert.waitFor()
  assert.deepEqual(await ui.ids(), ids, 'the rows stay')
  assert.equal(await ui.text(NOTHING).count(), 0)
  fixture.proxy = await startProxy({ port: proxy.port })
  await ui.retry.click()
  await ui.shows(11, 20)
  await eventually(async () => assert.equal(await ui.alert.count(), 0))
})

test('another view after a failure is a new start', async ({ open, ui, page }) => {
  await open({ instance_id: 'fail-500', refresh: 'off' })
  await ui.alert.waitFor()
  await page.goto(page.url().replace('fail-500', 'empty'))
  await ui.text(NOTHING).waitFor()
  assert.equal(await ui.alert.count(), 0)
})

test('an empty list says so', async ({ open, ui }) => {
  await open({ instance_id: 'empty' })
  await ui.text(NOTHING).waitFor()
  await ui.idle()
  assert.equal(await ui.alert.count(), 0)
  assert.equal(await ui.button('Show all tasks').count(), 0)
  assert.doesNotMatch(await ui.visibleText(), /\b1–0\b|NaN/)
})

for (const [value, name] of FILTERS) {
  test(`an empty list under the filter ${name} offers the way out`, async ({ open, ui, saysAddress, calls }) => {
    await open({ instance_id: 'empty', status: value, refresh: 'off' })
    await ui.text(`No ${name.toLowerCase()} tasks`).waitFor()
    assert.equal(await ui.text(NOTHING).count(), 0)
    await ui.button('Show all tasks').click()
    await saysAddress({ refresh: 'off' })
    await ui.text(NOTHING).waitFor()
    assert.equal(calls.at(-1).search, '?limit=10&offset=0')
    assert.equal(await ui.status.locator('option:checked').textContent(), 'All')
  })
}

test('hostile text is text', async ({ open, ui, page }) => {
  await open({ instance_id: 'xss', refresh: 'off' })
  await eventually(async () => assert.equal(await ui.rows.count(), 4))
  const text = await ui.table.innerText()
  for (const part of ['<img src=x onerror=alert(1)>', '<script>', '</td></tr></table>', 'javascript:alert(1)', '{{7*7}}']) assert.ok(text.includes(part), `${part} is not shown as it came`)
  assert.equal(await page.locator('img, iframe, object').count(), 0)
  assert.equal(await page.locator('[onerror], [onmouseover], a[href^="javascript:"]').count(), 0)
})

test('values that nobody documents are shown as they came', async ({ open, ui }) => {
  await open({ instance_id: 'answer-unknown-values', refresh: 'off' })
  await eventually(async () => assert.equal(await ui.rows.count(), 4))
  // Not innerText: a browser leaves rows out of that until it has drawn them.
  const text = await ui.table.textContent()
  for (const part of ['paused', 'scheduled', 'SUCCESS', '成功']) assert.ok(text.includes(part), part)
})

test('a record that cannot be read does not take the others down, and is counted', async ({ open, ui }) => {
  await open({ instance_id: 'answer-unreadable-record', refresh: 'off' })
  await eventually(async () => assert.equal(await ui.rows.count(), 2))
  await eventually(async () => assert.match(await ui.visibleText(), /\b5\b[^\n]*(could|can)(no|n['’])t be read|5 (tasks|records)[^\n]*read/i))
})

for (const [instance, rows] of [['answer-nulls', 3], ['answer-strange-times', 13], ['answer-nul', 2], ['answer-duplicates', 10], ['answer-10000', 10]]) {
  test(`${instance}: every record has its row, and no cell holds nonsense`, async ({ open, ui, page }) => {
    await open({ instance_id: instance, refresh: 'off', ...(rows > 10 && { limit: 20 }) })
    await eventually(async () => assert.equal(await ui.rows.count(), rows))
    const text = await ui.table.innerText()
    assert.doesNotMatch(text, /NaN|Invalid|undefined|\bnull\b|\[object/)
    assert.doesNotMatch(text, /(^|\s)[-−]\d+\s?(s|min|h)\b/m, 'a duration below zero')
    for (const exact of await page.locator('time').evaluateAll((all) => all.map((time) => time.dateTime))) assert.match(exact, /^[-+]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })
}

test('a slow answer keeps the rows and says that it is under way', async ({ open, ui, calls }) => {
  await open({ instance_id: 'slow', refresh: 'off' })
  await ui.shows(1, 10)
  await ui.next.click()
  await eventually(async () => assert.equal(await ui.table.getAttribute('aria-busy'), 'true'))
  assert.equal(await ui.rows.count(), 10)
  await ui.shows(11, 20)
  assert.equal(calls.length, 2)
})
