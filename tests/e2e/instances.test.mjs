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
    await answered
    await ui.project.waitFor()
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

test('an odd ID is remarked on while it is typed, and not refused', async ({ page, ui, proxy, calls }) => {
  await page.goto(`${proxy.origin}/`)
  const remark = page.getByText(/^This does not look like a Project ID/)
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
