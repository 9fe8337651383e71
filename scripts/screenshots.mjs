#!/usr/bin/env node
// Pictures of every state of the page, light and dark, wide and narrow, in target/screenshots/; and the one of the README.
//   node scripts/screenshots.mjs [STATE …]
import fs from 'node:fs'
import path from 'node:path'
import { launch, openFixture, startProxy } from '../tests/e2e/stage.mjs'

const root = path.resolve(import.meta.dirname, '..')
const folder = path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target', 'screenshots')

// name: what to open, and what has to be there before the shutter
const STATES = {
  'first-view': [{}, ({ ui }) => ui.shows(1, 10)],
  'page-2': [{}, async ({ ui }) => { await ui.shows(1, 10); await ui.next.click(); await ui.shows(11, 20) }],
  'filter-failed': [{ status: 'failed' }, settled],
  'filter-running': [{ status: 'running' }, settled],
  'all-rows': [{ limit: 50 }, ({ ui }) => ui.shows(1, 42)],
  'a-million': [{ instance_id: 'million', offset: 500_000 }, settled],
  empty: [{ instance_id: 'empty' }, ({ ui }) => ui.text('No big key analysis tasks').waitFor()],
  'empty-under-a-filter': [{ instance_id: 'empty', status: 'failed' }, ({ ui }) => ui.text('No failed tasks').waitFor()],
  error: [{ instance_id: 'fail-500' }, ({ ui }) => ui.alert.waitFor()],
  'error-without-retry': [{ instance_id: 'fail-400-dcs-4919' }, ({ ui }) => ui.alert.waitFor()],
  'error-throttled': [{ instance_id: 'fail-429' }, ({ ui }) => ui.alert.waitFor()],
  'error-with-old-rows': [{}, async (fixture) => {
    await fixture.ui.shows(1, 10)
    await fixture.context.setOffline(true)
    await fixture.ui.next.click() // the browser may still have the first page at hand
    await fixture.ui.alert.waitFor()
  }],
  'ids-form': [{ project_id: '', instance_id: '' }, ({ ui }) => ui.show.waitFor()],
  'invalid-address': [{ limit: 'abc', status: 'done', offset: '-5' }, ({ ui }) => ui.shows(1, 10)],
  'unknown-values': [{ instance_id: 'answer-unknown-values' }, settled],
  'missing-values': [{ instance_id: 'answer-nulls' }, settled],
  'unreadable-records': [{ instance_id: 'answer-unreadable-record' }, settled],
  'hostile-text': [{ instance_id: 'xss' }, settled],
  loading: [{ instance_id: 'slow' }, async ({ page }) => { await page.locator('[aria-busy=true]').first().waitFor(); await page.waitForTimeout(800) }],
  'loading-with-old-rows': [{ instance_id: 'slow' }, async ({ ui, page }) => { await ui.shows(1, 10); await ui.next.click(); await page.waitForTimeout(800) }],
}

async function settled({ ui }) {
  await ui.rows.first().waitFor()
  await ui.idle()
}

/** The whole page: made as high as its content, because rows that are out of sight are not painted. */
async function shoot(page, file) {
  const { width, height } = page.viewportSize()
  const whole = await page.evaluate(() => document.scrollingElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.max(height, whole) })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await page.screenshot({ path: file, animations: 'disabled', fullPage: true })
}

const wanted = process.argv.slice(2)
for (const name of wanted) if (!(name in STATES)) { console.error(`error: no state ${name}; there are: ${Object.keys(STATES).join(', ')}`); process.exit(1) }
fs.mkdirSync(folder, { recursive: true })
const [proxy, browser] = await Promise.all([startProxy(), launch()])
let missed = 0
try {
  for (const [state, [query, ready]] of Object.entries(STATES)) {
    if (wanted.length && !wanted.includes(state)) continue
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1280, 320]) {
        const file = path.join(folder, `${state}-${colorScheme}-${width}.png`)
        const fixture = await openFixture(browser, proxy, { colorScheme, viewport: { width, height: width === 320 ? 640 : 800 } })
        try {
          // The proxy keeps an answer for a moment; a project of its own has none kept.
          await fixture.open({ refresh: 'off', ...(query.instance_id && { project_id: `${state}-${colorScheme}-${width}` }), ...query })
          await ready(fixture)
        } catch (error) {
          // The picture of what there is instead says more than the message.
          missed++
          console.error(`${path.basename(file)}: did not get there: ${String(error.message).split('\n')[0]}`)
        }
        await shoot(fixture.page, file)
        for (const fault of fixture.faults) console.error(`${path.basename(file)}: ${fault}`)
        await fixture.context.close()
      }
    }
  }
  if (!wanted.length) {
    const fixture = await openFixture(browser, proxy, { viewport: { width: 1280, height: 640 } })
    await fixture.open()
    await fixture.ui.shows(1, 10)
    await shoot(fixture.page, path.join(root, 'tests/e2e/screenshot.png'))
    await fixture.context.close()
  }
} finally {
  await browser.close()
  await proxy.stop()
}
console.log(`Pictures are in ${path.relative(process.cwd(), folder) || folder}`)
process.exitCode = missed ? 1 : 0
