// Finding an instance: by name, again, or by its IDs.
import assert from 'node:assert/strict'
import { INSTANCE, PROJECT, axeSource, eventually, test } from './harness.mjs'

test('the instances that the proxy names can be chosen', async ({ page, ui, proxy, calls }) => {
  await page.goto(`${proxy.origin}/`)
  await page.getByRole('button', { name: /^No tasks yet/ }).click()
  await ui.text('No big key analysis tasks').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('instance_id'), 'empty')
  assert.equal(calls.length, 1)
})

test('without such a list, or with one that is none, the form is all there is', async ({ page, ui, proxy }) => {
  for (const answer of [{ status: 404, json: {} }, { status: 200, body: '<html>' }, { status: 200, json: { instances: [null, 7, { name: 'x' }] } }]) {
    await page.route(/instances\.json/, (route) => route.fulfill(answer))
    const answered = page.waitForResponse(/instances\.json/)
    await page.goto(`${proxy.origin}/`)
    await (await answered).finished()
    await ui.project.waitFor()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    assert.equal(await page.getByRole('heading', { name: 'Instances', exact: true }).count(), 0)
    await page.unroute(/instances\.json/)
  }
})

test('an instance is found again under the name that a reader gave it, and can be forgotten', async ({ page, ui, proxy, open }) => {
  await page.goto(`${proxy.origin}/`)
  await ui.project.fill(PROJECT)
  await ui.instance.fill(INSTANCE)
  await page.getByRole('textbox', { name: 'Name for this instance (optional)', exact: true }).fill('Orders')
  await ui.show.click()
  await ui.shows(1, 10)
  await open({ instance_id: 'empty' })
  await ui.text('No big key analysis tasks').waitFor()
  await ui.button('Change instance').click()
  const dialog = page.getByRole('dialog', { name: 'Change instance', exact: true })
  await dialog.getByRole('heading', { name: 'Instances', exact: true }).waitFor()
  await page.evaluate(axeSource())
  const { violations } = await page.evaluate(() => window.axe.run())
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [])
  await dialog.getByRole('button', { name: /^Orders/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await ui.shows(1, 10)
  await page.goBack()
  await ui.text('No big key analysis tasks').waitFor()
  await ui.button('Change instance').click()
  await dialog.getByRole('button', { name: 'Forget Orders', exact: true }).click()
  assert.equal(await dialog.getByRole('button', { name: /^Orders/ }).count(), 0)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await ui.button('Change instance').click()
  await dialog.getByRole('button', { name: 'Forget empty', exact: true }).waitFor()
  assert.equal(await dialog.getByRole('button', { name: /^Orders/ }).count(), 0)
})

test('another instance begins at its first page; the one on show is not gone to again', async ({ page, ui, open, calls, saysAddress }) => {
  await open({ offset: 20, refresh: 'off' })
  await ui.shows(21, 30)
  const steps = await page.evaluate(() => history.length)
  const dialog = page.getByRole('dialog', { name: 'Change instance', exact: true })
  await ui.button('Change instance').click()
  await dialog.getByRole('button', { name: 'Show tasks', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await saysAddress({ offset: '20', refresh: 'off' })
  await ui.button('Change instance').click()
  await dialog.getByRole('textbox', { name: 'Instance ID', exact: true }).fill('slow')
  await dialog.getByRole('button', { name: 'Show tasks', exact: true }).click()
  await ui.shows(1, 10)
  await saysAddress({ refresh: 'off' })
  assert.deepEqual(calls.map(({ query }) => query.offset), ['20', '0'])
  assert.equal(await page.evaluate(() => history.length), steps + 1)
  await page.goBack()
  await ui.shows(21, 30)
})

test('an odd ID is remarked on while it is typed, and not refused', async ({ page, ui, proxy, calls }) => {
  await page.goto(`${proxy.origin}/`)
  const remark = page.getByText(/^Unusual Project ID/)
  await ui.project.fill('orders')
  await remark.waitFor()
  await ui.project.fill(PROJECT)
  await remark.waitFor({ state: 'hidden' })
  await ui.project.fill('orders')
  await ui.instance.fill(INSTANCE)
  await ui.show.click()
  await eventually(() => assert.equal(calls.length, 1))
  assert.ok(calls[0].path.includes('/orders/'))
})

test('what lies in the browser’s storage is read as anybody’s', async ({ page, ui, proxy }) => {
  await page.addInitScript(() => {
    if (location.protocol !== 'http:') return // the empty page before it has no storage
    localStorage['bigkey-tasks.recent'] = '\t\n..\t..\tup\nproject\t<img src=x onerror=alert(1)>\t<b>bold</b>\n'
    localStorage['bigkey-tasks.columns'] = 'nonsense -id id -status -status'
  })
  await page.goto(`${proxy.origin}/`)
  await page.getByRole('button', { name: /^<b>bold<\/b>/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^Forget/ }).count(), 1)
})
