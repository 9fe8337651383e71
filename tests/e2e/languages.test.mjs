// The languages besides English: each is a file of texts, fetched for its readers alone.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { TOTAL, eventually, test } from './harness.mjs'

const texts = (tag) => JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, `../../src/messages/${tag}.json`), 'utf8'))
/** What a reader's browser asks for, the catalogue that answers, and the words that have to be in it. */
const LANGUAGES = [
  { reader: 'de-AT', tag: 'de', dir: 'ltr', title: 'Aufgaben der Big-Key-Analyse', columns: ['Aufgaben-ID', 'Status', 'Analyseart', 'Erstellt', 'Gestartet', 'Beendet', 'Dauer'], range: '11–20 von 42', told: '11–20 von 42 Aufgaben' },
  { reader: 'zh-CN', tag: 'zh-Hans', dir: 'ltr', title: '大key分析任务', columns: ['任务ID', '状态', '分析方式', '创建时间', '开始时间', '完成时间', '耗时'], range: '第11–20条，共42条', told: '第11–20个任务，共42个' },
  { reader: 'ar-EG', tag: 'ar', dir: 'rtl', title: 'مهام تحليل المفاتيح الكبيرة', columns: ['معرّف المهمة', 'الحالة', 'طريقة التحليل', 'وقت الإنشاء', 'وقت البدء', 'وقت الاكتمال', 'المدة'], range: '11–20 من أصل 42', told: '11–20 من أصل 42 مهمة' },
].map((language) => ({ ...language, texts: texts(language.tag) }))
const [GERMAN, CHINESE, ARABIC] = LANGUAGES
const CATALOGUE = /\/bigkey-tasks-(?:ar|de|zh-Hans)-[0-9a-f]{16}\.json$/

/** The page by role and name in a language. */
function within(page, { texts }) {
  const table = page.getByRole('table', { name: texts.title, exact: true })
  return {
    table,
    headers: table.getByRole('columnheader'),
    rows: table.getByRole('row').filter({ has: page.getByRole('cell') }),
    combobox: (name) => page.getByRole('combobox', { name, exact: true }),
    button: (name) => page.getByRole('button', { name, exact: true }),
    alert: page.getByRole('alert').filter({ visible: true }),
    async shows(range) {
      await page.getByText(range, { exact: true }).waitFor()
      await eventually(async () => assert.equal(await table.getAttribute('aria-busy'), 'false'))
    },
  }
}

/** The files of texts that a page asks for. */
function watchCatalogues(page) {
  const asked = []
  page.on('request', (request) => { if (/\.json$/.test(new URL(request.url()).pathname)) asked.push(new URL(request.url()).pathname) })
  return asked
}
const speak = (page, tag) => page.locator('bigkey-tasks').evaluate((element, tag) => { element.locale = tag }, tag)
const said = (page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, document.title])

for (const language of LANGUAGES) {
  const { reader, tag, dir, title, columns, range, told, texts } = language

  test(`${tag}: the first view by role and name, for a reader of ${reader}`, { locale: reader }, async ({ open, page, calls }) => {
    const asked = watchCatalogues(page)
    const list = within(page, language)
    await open({ refresh: 'off', offset: '10' })
    await list.shows(range)
    assert.deepEqual(await list.headers.allInnerTexts(), columns)
    assert.equal(await list.rows.count(), 10)
    assert.deepEqual(await list.combobox(texts.status).locator('option').allInnerTexts(), [texts.all, texts.waiting, texts.running, texts.successful, texts.failed])
    for (const name of [texts.rows_per_page, texts.auto_refresh, texts.time_zone]) await list.combobox(name).waitFor()
    const navigation = page.getByRole('navigation', { name: texts.pagination, exact: true })
    for (const name of [texts.first_page, texts.previous_page, texts.next_page, texts.last_page, texts.page.replace('{n}', '2')]) await navigation.getByRole('button', { name, exact: true }).waitFor()
    assert.deepEqual(await said(page), [tag, dir, title])
    const words = new Set(await page.locator('td.status').allInnerTexts())
    for (const word of words) assert.ok([texts.waiting, texts.running, texts.successful, texts.failed].includes(word.trim()), word)
    assert.equal(asked.length, 1)
    assert.match(asked[0], CATALOGUE)
    assert.equal(calls.length, 1)
    await list.button(texts.refresh).click()
    await eventually(async () => assert.ok((await page.getByRole('status').allTextContents()).includes(told)))
  })

  test(`${tag}: a failure keeps its code and message, and says what to do`, { locale: reader }, async ({ open, page, lastCall }) => {
    const list = within(page, language)
    await open({ instance_id: 'fail-400-dcs-4919', refresh: 'off' })
    await list.alert.waitFor()
    const { error_code, error_msg } = await (await (await lastCall()).request.response()).json()
    for (const part of [error_code, error_msg, texts.advice_other_instance]) await eventually(async () => assert.ok((await list.alert.innerText()).includes(part), part))
    assert.equal(await list.button(texts.retry).count(), 0)
  })
}

test('another language comes without a reload: rows, filter, focus and what is typed stay', async ({ open, ui, page, calls }) => {
  const asked = watchCatalogues(page)
  await open({ refresh: 'off', limit: '20' })
  await ui.shows(1, 20)
  await ui.status.selectOption('failed')
  await eventually(() => assert.equal(calls.length, 2))
  await ui.idle()
  await ui.status.focus()
  const [ids, count] = [await ui.ids(), calls.length]
  await page.evaluate(() => { window.same = true })
  for (const language of [GERMAN, ARABIC, CHINESE, GERMAN]) {
    const list = within(page, language)
    await speak(page, language.reader)
    await list.table.waitFor()
    await eventually(async () => assert.equal(await list.combobox(language.texts.status).evaluate((select) => select.matches(':focus')), true, 'the focus'))
    assert.equal(await list.combobox(language.texts.status).inputValue(), 'failed')
    assert.equal(await list.combobox(language.texts.rows_per_page).inputValue(), '20')
    await eventually(async () => assert.deepEqual(await Promise.all((await list.rows.all()).map((row) => row.getByRole('cell').first().innerText())), ids))
    assert.deepEqual(await said(page), [language.tag, language.dir, language.title])
  }
  await speak(page, 'en')
  await ui.table.waitFor()
  assert.equal(calls.length, count, 'the rows are those that were there')
  assert.equal(await page.evaluate(() => window.same), true)
  assert.equal(asked.length, 3, 'each catalogue is fetched once')
})

test('what is typed into the form stays in another language', async ({ open, ui, page }) => {
  await open({ project_id: '', instance_id: '' })
  await ui.project.fill('typed')
  await speak(page, 'de')
  await eventually(async () => assert.equal(await page.getByRole('textbox', { name: GERMAN.texts.project_id, exact: true }).inputValue(), 'typed'))
})

test('the address chooses the language, before what the browser prefers', { locale: 'de-DE' }, async ({ open, page }) => {
  await open({ locale: 'zh-TW', refresh: 'off' })
  await within(page, CHINESE).shows(CHINESE.texts.range.replace('{from}', 1).replace('{to}', 10).replace('{total}', TOTAL))
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hans')
})

for (const locale of ['en-US', 'fr-FR']) {
  test(`a reader of ${locale} gets English, and no file of texts`, { locale }, async ({ open, ui, page }) => {
    const asked = watchCatalogues(page)
    await open({ refresh: 'off' })
    await ui.shows(1, 10)
    await page.waitForLoadState('networkidle')
    assert.deepEqual(asked, [])
    assert.deepEqual(await said(page), ['en', 'ltr', 'Big key analysis tasks'])
  })
}

test('texts that cannot be had leave English, which is said once; later they are asked for again', { locale: 'ar-EG' }, async ({ open, ui, page }) => {
  const infos = []
  page.on('console', (message) => { if (message.type() === 'info') infos.push(message.text()) })
  await page.route(CATALOGUE, (route) => route.fulfill({ status: 404 }))
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await eventually(() => assert.equal(infos.length, 1))
  assert.match(infos[0], /English.*ar.*404/)
  assert.deepEqual(await said(page), ['en', 'ltr', 'Big key analysis tasks'])
  await page.route(CATALOGUE, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '{"title": ' }))
  const broken = page.waitForResponse(CATALOGUE)
  await speak(page, 'ar-SA')
  await (await broken).finished()
  await ui.next.click()
  await ui.shows(11, 20)
  await page.unrouteAll()
  await speak(page, 'ar-MA')
  await within(page, ARABIC).shows(ARABIC.range)
  assert.equal(infos.length, 1)
})

test('texts that could not be had at first and come with a dialog are there for the list as well', { locale: 'de-DE' }, async ({ open, ui, page }) => {
  await page.route(CATALOGUE, (route) => route.fulfill({ status: 404 }))
  const said = page.waitForEvent('console', (message) => message.type() === 'info')
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await said
  await page.unrouteAll()
  await ui.button('Export').click()
  await page.getByRole('dialog', { name: GERMAN.texts.export, exact: true }).waitFor()
  await within(page, GERMAN).shows('1–10 von 42')
})

test('until the texts are here the list is in English, and of use', { locale: 'de-DE' }, async ({ open, ui, page }) => {
  let release
  const released = new Promise((done) => { release = done })
  await page.route(CATALOGUE, async (route) => { await released; await route.continue() })
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await ui.next.click()
  await ui.shows(11, 20)
  await ui.next.focus()
  release()
  const list = within(page, GERMAN)
  await list.shows(GERMAN.range)
  await eventually(async () => assert.equal(await list.button(GERMAN.texts.next_page).evaluate((button) => button.matches(':focus')), true))
})

for (const reader of [...LANGUAGES.map(({ reader }) => reader), 'en-US', 'en-GB']) {
  test(`${reader}: no status and no time is cut off`, { locale: reader, timezoneId: 'UTC' }, async ({ open, page }) => {
    await page.route('**/v2/**', async (route) => {
      const response = await route.fetch()
      const page = await response.json()
      // The longest that there are, with AM or PM.
      const [from, to] = ['2020-09-30T00:44:44.000Z', '2020-11-30T12:58:58.000Z']
      for (const [i, record] of page.records.entries()) if (i % 3 === 0) Object.assign(record, { created_at: from, started_at: from, finished_at: to })
      await route.fulfill({ response, json: page })
    })
    await open({ refresh: 'off', limit: '50' })
    await page.locator('tbody tr').nth(41).waitFor()
    for (const width of [1280, 1090, 320]) {
      await page.setViewportSize({ width, height: 800 })
      const cut = await page.locator('td.status, td.created, td.started, td.completed, td.method, td.duration').evaluateAll((all) => all.filter((cell) => {
        const range = document.createRange()
        range.selectNodeContents(cell)
        const [text, box] = [range, cell].map((each) => each.getBoundingClientRect())
        const least = 0.1 // pixels: less is rounding
        return cell.textContent && getComputedStyle(cell).overflowX !== 'visible' && (text.left < box.left - least || text.right > box.right + least)
      }).map((cell) => cell.textContent))
      assert.deepEqual(cut, [], `${width} px`)
      // A dot of an ellipsis shows as soon as what is in the cell goes on beyond its padding.
      const elided = await page.locator('td time').evaluateAll((all) => all.filter((time) => {
        const [end, room] = [time, time.parentElement].map((each) => each.getBoundingClientRect().right)
        const { marginInlineEnd, display } = getComputedStyle(time)
        return display !== 'inline' && getComputedStyle(time.parentElement).direction === 'ltr' && end + parseFloat(marginInlineEnd) > room - 9
      }).map((time) => time.textContent))
      assert.deepEqual(elided, [], `${width} px`)
    }
  })
}

test('where it gets narrow the buttons stay together, and what stands in a line of the summary is level', { locale: 'de-DE' }, async ({ open, page }) => {
  const { shows, button } = within(page, GERMAN)
  await open({ refresh: 'off' })
  await shows('1–10 von 42')
  for (const width of [1280, 1100, 1000, 900, 800]) {
    await page.setViewportSize({ width, height: 900 })
    const buttons = ['refresh', 'export', 'options', 'shortcuts'].map((name) => button(GERMAN.texts[name]).boundingBox())
    const tops = (await Promise.all(buttons)).map(({ y }) => y)
    assert.equal(new Set(tops).size, 1, `buttons at ${tops} of ${width} px`)
    const lines = await page.locator('.facts > *, .updated').evaluateAll((parts) => parts.map((part) => Math.round(part.getBoundingClientRect().bottom)))
    assert.ok([...new Set(lines)].every((one, i, all) => i === 0 || one - all[i - 1] > 12), `parts of the summary end at ${lines} of ${width} px`)
  }
})

test('in a right-to-left text, IDs run from left to right', { locale: 'ar-EG' }, async ({ open, page }) => {
  const id = '20200615-001-a' // of itself it would begin with its end
  await page.route('**/v2/**', (route) => route.fulfill({ json: { count: 1, records: [{ id, status: 'success' }] } }))
  await open({ refresh: 'off' })
  const button = within(page, ARABIC).rows.getByRole('button', { name: id, exact: true })
  await button.waitFor()
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    const lefts = await button.evaluate((button) => [...button.textContent].map((_, i) => {
      const range = document.createRange()
      range.setStart(button.firstChild, i)
      range.setEnd(button.firstChild, i + 1)
      return range.getBoundingClientRect().left
    }))
    assert.deepEqual(lefts, lefts.toSorted((a, b) => a - b), `${width} px`)
  }
})

test('views in languages that are no longer shown leave nothing behind', async ({ page, open, ui }) => {
  await page.addInitScript(() => {
    const { instantiate } = WebAssembly
    WebAssembly.instantiate = async (...args) => {
      const made = await instantiate(...args)
      window.memory = made.exports.memory
      return made
    }
  })
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const held = (changes) => page.evaluate(async (changes) => {
    const list = document.querySelector('bigkey-tasks')
    for (let i = 0; i < changes; i++) {
      const locale = (list.locale = ['de', 'ar', 'en'][i % 3])
      // What belongs to a change is done by the next turn, once its texts are there.
      do await new Promise((next) => setTimeout(next)); while (list.shadowRoot.querySelector('.app').lang !== locale)
    }
    return window.memory.buffer.byteLength
  }, changes)
  const before = await held(30)
  assert.equal(await held(300), before)
})
