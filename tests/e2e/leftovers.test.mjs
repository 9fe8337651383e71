// What a dialog leaves behind once it is closed: nothing.
import assert from 'node:assert/strict'
import { IN_FIREFOX, eventually, test } from './harness.mjs'

/** How many elements and listeners the page holds on to, once garbage was collected. */
async function held(cdp) {
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters')
  return { nodes, listeners: jsEventListeners }
}

/** Nothing more is held on to than before. */
const isLeftWith = (cdp, before) => eventually(async () => {
  const after = await held(cdp)
  assert.ok(after.listeners <= before.listeners, `${before.listeners} listeners became ${after.listeners}`)
  assert.ok(after.nodes <= before.nodes + 20, `${before.nodes} nodes became ${after.nodes}`)
})

/** Opens the dialog of a button, and closes it. */
async function openAndClose(page, button) {
  await button.click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

test('a dialog that was closed leaves neither elements nor listeners', { skip: IN_FIREFOX && 'counts are Chromium’s' }, async ({ open, ui, page, context }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const buttons = [ui.rows.getByRole('button').first(), ...['Export', 'View options', 'Keyboard shortcuts', 'Change instance'].map((name) => ui.button(name))]
  const openAll = async () => {
    for (const button of buttons) await openAndClose(page, button)
  }
  await openAll()
  const cdp = await context.newCDPSession(page)
  const before = await held(cdp)
  for (let i = 0; i < 3; i++) await openAll()
  await isLeftWith(cdp, before)
})

test('instances that come after their form was closed leave nothing either', { skip: IN_FIREFOX && 'counts are Chromium’s' }, async ({ open, ui, page, context }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await openAndClose(page, ui.button('Change instance'))
  const cdp = await context.newCDPSession(page)
  const before = await held(cdp)
  let release
  const closed = new Promise((resolve) => { release = resolve })
  await page.route('**/instances.json', async (route) => {
    await closed
    await route.continue()
  })
  const came = page.waitForResponse('**/instances.json').then((response) => response.finished())
  await openAndClose(page, ui.button('Change instance'))
  await eventually(async () => assert.ok((await held(cdp)).listeners <= before.listeners)) // it was tidied up
  release()
  await came
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)))
  await isLeftWith(cdp, before)
})
