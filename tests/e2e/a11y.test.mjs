import assert from 'node:assert/strict'
import { checkAccessibility, eventually, test } from './harness.mjs'

const STATES = {
  'the first view': [{}, (ui) => ui.shows(1, 10)],
  'a page in the middle': [{ offset: '20' }, (ui) => ui.shows(21, 30)],
  'a failure': [{ instance_id: 'fail-500' }, (ui) => ui.alert.waitFor()],
  'a failure without Retry': [{ instance_id: 'fail-400-dcs-4919' }, (ui) => ui.alert.waitFor()],
  'an empty list': [{ instance_id: 'empty' }, (ui) => ui.text('No big key analysis tasks').waitFor()],
  'an empty list under a filter': [{ instance_id: 'empty', status: 'failed' }, (ui) => ui.text('No failed tasks').waitFor()],
  'a notice about the address': [{ limit: 'abc' }, (ui) => ui.shows(1, 10)],
  'hostile text': [{ instance_id: 'xss' }, (ui) => eventually(async () => assert.equal(await ui.rows.count(), 4))],
  'the form': [{ project_id: '', instance_id: '' }, (ui) => ui.show.waitFor()],
}

for (const [state, [query, ready]] of Object.entries(STATES)) {
  test(`${state}: no finding by axe and nothing to scroll sideways, light and dark, wide and narrow`, async ({ open, ui, page }) => {
    await open({ refresh: 'off', ...query })
    await ready(ui)
    await checkAccessibility(page)
  })
}

test('assistive technology gets a table with named columns and all rows', async ({ open, ui, page }) => {
  await open({ limit: '50', refresh: 'off' })
  await ui.shows(1, 42)
  const tree = await page.locator('body').ariaSnapshot()
  assert.match(tree, /table "Big key analysis tasks"/)
  assert.equal([...tree.matchAll(/^\s*- columnheader /gm)].length, 7)
  assert.equal([...tree.matchAll(/^\s*- row /gm)].length, 43)
})
