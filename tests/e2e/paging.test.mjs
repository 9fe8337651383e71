import assert from 'node:assert/strict'
import { IN_FIREFOX, FILTERS, eventually, random, test } from './harness.mjs'

const isDisabled = (button) => button.getAttribute('aria-disabled').then((value) => value === 'true')
const isFocused = (locator) => locator.evaluate((element) => element === element.getRootNode().activeElement)

test('next, previous, first and last', async ({ open, ui, saysAddress, showsLatestAnswer }) => {
  await open()
  await ui.shows(1, 10)
  for (const [button, from, to, address] of [
    [ui.next, 11, 20, { offset: '10' }],
    [ui.next, 21, 30, { offset: '20' }],
    [ui.previous, 11, 20, { offset: '10' }],
    [ui.last, 41, 42, { offset: '40' }],
    [ui.previous, 31, 40, { offset: '30' }],
    [ui.first, 1, 10, {}],
  ]) {
    await button.click()
    await ui.shows(from, to)
    await saysAddress(address)
    await showsLatestAnswer()
    await ui.announces(`${from}–${to} of 42 tasks`)
  }
})

test('at the ends the buttons do nothing, but can be reached', async ({ open, ui, calls }) => {
  await open()
  await ui.shows(1, 10)
  for (const [button, disabled] of [[ui.first, true], [ui.previous, true], [ui.next, false], [ui.last, false]]) {
    assert.equal(await isDisabled(button), disabled)
    await button.focus()
    assert.ok(await isFocused(button))
  }
  await ui.previous.click({ force: true })
  await ui.first.press('Enter')
  await ui.last.press('Enter')
  await ui.shows(41, 42)
  assert.ok(await isFocused(ui.last), 'focus stays where it was')
  for (const [button, disabled] of [[ui.first, false], [ui.previous, false], [ui.next, true], [ui.last, true]]) assert.equal(await isDisabled(button), disabled)
  await ui.next.press('Enter')
  await ui.last.click({ force: true })
  await ui.shows(41, 42)
  assert.deepEqual(calls.map((call) => call.query.offset), ['0', '40'], 'a disabled button asks for nothing')
})

test('from an offset within a page, neither Next nor Last leads to what is on show already', async ({ open, ui, saysAddress }) => {
  await open({ offset: 35 })
  await ui.shows(36, 42)
  for (const [button, disabled] of [[ui.first, false], [ui.previous, false], [ui.next, true], [ui.last, true]]) assert.equal(await isDisabled(button), disabled)
  await ui.previous.click()
  await ui.shows(26, 35)
  for (const button of [ui.next, ui.last]) assert.equal(await isDisabled(button), false)
  await ui.last.click()
  await ui.shows(41, 42)
  await saysAddress({ offset: '40' })
})

test('page numbers lead to their page, the current one says so', async ({ open, ui, saysAddress }) => {
  await open()
  await ui.shows(1, 10)
  assert.equal(await ui.number(1).getAttribute('aria-current'), 'page')
  for (const [page, from, to] of [[3, 21, 30], [5, 41, 42], [2, 11, 20]]) {
    await ui.number(page).click()
    await ui.shows(from, to)
    await saysAddress({ offset: String(from - 1) })
    assert.equal(await ui.pagination.locator('[aria-current=page]').count(), 1)
    assert.equal(await ui.number(page).getAttribute('aria-current'), 'page')
  }
})

test('the keyboard alone is enough', async ({ open, ui, page }) => {
  await open()
  await ui.shows(1, 10)
  await ui.next.focus()
  await page.keyboard.press('Enter')
  await ui.shows(11, 20)
  await page.keyboard.press(' ')
  await ui.shows(21, 30)
  assert.ok(await isFocused(ui.next))
})

for (const [value, name] of FILTERS) {
  test(`the filter ${name}`, async ({ open, ui, page, saysAddress, calls, showsLatestAnswer }) => {
    await open({ offset: 20, refresh: 'off' })
    await ui.shows(21, 30)
    await ui.status.focus()
    await ui.status.selectOption({ label: name })
    await saysAddress({ status: value, refresh: 'off' })
    await eventually(() => assert.equal(calls.at(-1).search, `?limit=10&offset=0&status=${value}`))
    await ui.idle()
    await showsLatestAnswer()
    for (const row of await ui.rows.all()) assert.equal((await row.getByRole('cell').nth(1).innerText()).trim(), name)
    assert.ok(await isFocused(ui.status), 'the combobox keeps the focus')
    await ui.status.selectOption({ label: 'All' })
    await ui.shows(1, 10)
    await saysAddress({ refresh: 'off' })
    assert.equal(await page.getByRole('alert').count(), 0)
  })
}

test('rows per page', async ({ open, ui, saysAddress }) => {
  await open({ offset: 20 })
  await ui.shows(21, 30)
  assert.deepEqual(await ui.limit.locator('option').allInnerTexts().then((all) => all.map((text) => text.replace(/\D/g, ''))), ['10', '20', '50', '100', '1000'])
  for (const [limit, to] of [['20', 20], ['50', 42], ['1000', 42], ['10', 10]]) {
    await ui.limit.selectOption(limit)
    await ui.shows(1, to)
    await saysAddress(limit === '10' ? {} : { limit })
    await ui.announces(`1–${to} of 42 tasks`)
  }
})

test('a million tasks: the last page is one step away', async ({ open, ui }) => {
  await open({ instance_id: 'million', limit: 100, refresh: 'off' })
  await ui.rows.first().waitFor()
  await ui.idle()
  await ui.last.click()
  const range = /^999[,.]?901–1[,.]?000[,.]?000 of 1[,.]?000[,.]?000$/
  await eventually(async () => assert.match(await ui.visibleText(), new RegExp(range.source, 'm')))
  await ui.idle()
  assert.equal(await ui.rows.count(), 100)
  assert.ok(await isDisabled(ui.next))
})

test('an offset past the end moves to the last page, once', async ({ open, ui, calls, saysAddress, page }) => {
  await page.goto('about:blank')
  await open({ offset: 1000 })
  await ui.shows(41, 42)
  await saysAddress({ offset: '40' })
  assert.deepEqual(calls.map((call) => call.query.offset), ['1000', '40'])
  await page.evaluate(() => { setTimeout(() => history.back()) }) // page.goBack waits for a load, which a page kept by Firefox does not have
  // Over WebDriver BiDi the empty page is no entry of the history, so there is nothing to go back to.
  if (IN_FIREFOX) return
  await eventually(() => assert.equal(page.url(), 'about:blank', 'the address that led nowhere is not kept in the history'))
})

for (const instance of ['count-total', 'count-low', 'count-high', 'count-absent', 'count-negative', 'count-string', 'answer-bigint']) {
  test(`paging survives ${instance}`, async ({ open, ui, calls, showsLatestAnswer }) => {
    await open({ instance_id: instance, limit: 20, refresh: 'off' })
    await eventually(async () => assert.equal(await ui.rows.count(), 20))
    // Ahead for as long as there is something ahead: two more pages, whatever the count says.
    for (let step = 0; step < 6 && !(await isDisabled(ui.next)); step++) {
      const before = calls.length
      await ui.next.click()
      await eventually(() => assert.ok(calls.length > before))
      await ui.idle()
    }
    await showsLatestAnswer()
    assert.ok(await isDisabled(ui.next), 'there is no end')
    assert.equal(await ui.rows.count(), 2, 'the end is the page with the last two of 42')
    assert.doesNotMatch(await ui.visibleText(), /NaN|undefined|-\d+ of|of -\d/)
  })
}

test('a step back is announced like any other', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await ui.next.click()
  await ui.announces('11–20 of 42 tasks')
  await page.goBack()
  await ui.announces('1–10 of 42 tasks')
})

test('clicking faster than the service answers ends at what was asked last', async ({ open, ui, calls }) => {
  await open({ instance_id: 'slow', refresh: 'off' })
  await ui.shows(1, 10)
  const ids = await ui.ids()
  for (let click = 0; click < 3; click++) await ui.next.click()
  await eventually(async () => assert.equal(await ui.table.getAttribute('aria-busy'), 'true'))
  assert.deepEqual(await ui.ids(), ids, 'the rows stay until there are others')
  await ui.shows(31, 40)
  await eventually(() => assert.deepEqual(calls.map((call) => [call.query.offset, call.state]), [['0', 'finished'], ['10', 'aborted'], ['20', 'aborted'], ['30', 'finished']]))
})

for (const seed of [1, 2, 3]) {
  test(`whatever is clicked, in any order: the page shows what its address says (seed ${seed})`, async ({ open, ui, page, calls, query, showsLatestAnswer }) => {
    const next = random(seed)
    const pick = (all) => all[Math.floor(next() * all.length)]
    await open({ refresh: 'off' })
    await ui.shows(1, 10)
    for (let step = 0; step < 40; step++) {
      const kind = next()
      if (kind < 0.6) await pick([ui.next, ui.next, ui.previous, ui.first, ui.last]).press('Enter') // a click would first wait for a layout at rest
      else if (kind < 0.75) await ui.status.selectOption({ label: pick(['All', 'All', 'Successful', 'Failed']) })
      else if (kind < 0.9) await ui.limit.selectOption(pick(['10', '20', '50']))
      else await page.goBack().catch(() => {})
      if (page.url().includes('instance_id')) continue
      for (const call of calls) if (call.state === 'pending') call.state = 'aborted' // with the page that had made it
      await page.goForward()
      await ui.rows.first().waitFor()
    }
    await eventually(() => assert.ok(calls.every((call) => call.state !== 'pending')))
    await ui.idle()
    const { offset = '0', limit = '10', status } = query()
    assert.deepEqual(calls.at(-1).query, { limit, offset, ...(status && { status }) }, 'the last call is that of the address')
    assert.equal(await ui.limit.inputValue(), limit)
    await showsLatestAnswer()
  })
}
