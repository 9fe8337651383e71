import assert from 'node:assert/strict'
import { INSTANCE, PROJECT, eventually, test } from './harness.mjs'

test('an address reproduces its view', async ({ open, ui, calls, page }) => {
  await open({ status: 'success', offset: '20', limit: '20', time_zone: 'UTC', refresh: 'off', theme: 'dark' })
  await ui.idle()
  await ui.rows.first().waitFor()
  assert.equal(calls[0].search, '?limit=20&offset=20&status=success')
  assert.equal(await ui.status.locator('option:checked').textContent(), 'Successful')
  assert.equal(await ui.limit.inputValue(), '20')
  assert.equal(await ui.zone.locator('option:checked').textContent(), 'UTC')
  assert.equal(await ui.autoRefresh.locator('option:checked').textContent(), 'Off')
  const before = await ui.ids()
  await page.reload()
  await ui.rows.first().waitFor()
  await ui.idle()
  assert.equal(calls.at(-1).search, '?limit=20&offset=20&status=success')
  assert.deepEqual(await ui.ids(), before)
})

test('Back and Forward walk the views', async ({ open, ui, page, saysAddress }) => {
  await open()
  await ui.shows(1, 10)
  await ui.next.click()
  await ui.shows(11, 20)
  await ui.limit.selectOption('20')
  await ui.shows(1, 20)
  await ui.next.click()
  await ui.shows(21, 40)
  for (const [step, from, to, address] of [
    ['goBack', 1, 20, { limit: '20' }],
    ['goBack', 11, 20, { offset: '10' }],
    ['goBack', 1, 10, {}],
    ['goForward', 11, 20, { offset: '10' }],
    ['goForward', 1, 20, { limit: '20' }],
    ['goForward', 21, 40, { limit: '20', offset: '20' }],
  ]) {
    await page[step]()
    await ui.shows(from, to)
    await saysAddress(address)
    assert.equal(await ui.limit.inputValue(), address.limit ?? '10')
  }
})

for (const [parameter, value, said] of [
  ['limit', '0', '10'], ['limit', '-1', '10'], ['limit', 'abc', '10'], ['limit', '1001', '10'], ['limit', '', '10'], ['limit', '10.5', '10'], ['limit', '1e2', '10'], ['limit', ' 20', '10'],
  ['offset', '-5', '0'], ['offset', '99999999999999999999', '0'], ['offset', 'NaN', '0'], ['offset', '0x10', '0'],
  ['status', 'done', 'All'], ['status', 'SUCCESS', 'All'], ['status', '<b>', 'All'],
  ['refresh', '1', 'auto'], ['time_zone', 'Mars/Olympus', 'local'], ['theme', 'pink', 'auto'],
]) {
  test(`${parameter}=${JSON.stringify(value)} is replaced by its default and named in a notice`, async ({ open, ui, calls }) => {
    await open({ [parameter]: value })
    await ui.shows(1, 10)
    assert.equal(calls[0].search, '?limit=10&offset=0')
    if (value.trim() === '' ) return
    await eventually(async () => {
      const text = await ui.visibleText()
      const line = text.split('\n').find((each) => each.includes(value.trim().slice(0, 12)) && each.includes(parameter))
      assert.ok(line, `no notice names ${parameter} and ${value}`)
      assert.ok(line.toLowerCase().includes(said.toLowerCase()), `"${line}" does not name the default ${said}`)
    })
  })
}

test('a limit that is valid but not among the choices joins them', async ({ open, ui }) => {
  await open({ limit: '7', offset: '14' })
  await ui.shows(15, 21)
  assert.equal(await ui.limit.inputValue(), '7')
  assert.equal(await ui.limit.locator('option').count(), 6)
  await ui.next.click()
  await ui.shows(22, 28)
})

const HOSTILE = {
  'a slash': 'a/b', 'an encoded slash': 'a%2Fb', dot: '.', 'two dots': '..', 'dots and slashes': '../../../etc/passwd', 'an encoded dot': '%2e', 'two encoded dots': '%2e%2e',
  'a mixed pair of dots': '.%2E', 'a backslash': '..\\..\\x', spaces: ' a b ', 'double quotes': '"a"', 'single quotes': "'a'", 'a question mark': 'a?limit=1', 'a hash': 'a#b', emoji: '🔑🗝️',
  markup: '<img src=x onerror=alert(1)>', 'a line break': 'a\r\nX-Injected: 1', 'a lone surrogate': '\ud800', NUL: 'a\0b', 'ten kilobytes': 'x'.repeat(10_240), 'an address': 'http://example.com/',
}
for (const [what, id] of Object.entries(HOSTILE)) {
  for (const parameter of ['instance_id', 'project_id']) {
    test(`${parameter} with ${what} never becomes another path`, async ({ page, ui, calls, proxy }) => {
      const requests = []
      page.on('request', (request) => { if (request.url().startsWith('http')) requests.push(request.url()) })
      const ids = { project_id: PROJECT, instance_id: INSTANCE, [parameter]: id }
      await page.goto(`${proxy.origin}/?${new URLSearchParams(ids)}`)
      // It is refused at once, asked for and refused by the server, or the form asks for another.
      await eventually(async () => assert.ok((await ui.alert.count()) > 0 || (await ui.show.count()) > 0, 'neither an error nor the form is shown'))
      const wellFormed = new URLSearchParams(ids).get(parameter) // as an address can hold it
      for (const call of calls) {
        const segments = call.path.split('/')
        assert.equal(segments.length, 6, call.path.slice(0, 200))
        assert.deepEqual([segments[1], segments[3], segments[5]], ['v2', 'instances', 'bigkey-tasks'])
        assert.equal(decodeURIComponent(segments[parameter === 'project_id' ? 2 : 4]).trim(), wellFormed.toWellFormed?.().trim() ?? wellFormed.trim())
        assert.equal(call.search, '?limit=10&offset=0')
      }
      for (const url of requests) assert.ok(url.startsWith(`${proxy.origin}/`), url.slice(0, 200))
      // The page, the call, and what the form is in, which asks for the named instances.
      assert.ok(requests.length <= 9, `requests: ${requests.map((url) => url.slice(0, 80))}`)
    })
  }
}

test('without IDs a form asks for them', async ({ page, ui, calls, proxy }) => {
  await page.goto(`${proxy.origin}/`)
  await ui.project.waitFor()
  assert.equal(calls.length, 0)
  await ui.project.fill(PROJECT)
  await ui.instance.fill(INSTANCE)
  await ui.show.click()
  await ui.shows(1, 10)
  const parameters = new URL(page.url()).searchParams
  assert.deepEqual([parameters.get('project_id'), parameters.get('instance_id')], [PROJECT, INSTANCE])
  await page.goBack()
  await ui.project.waitFor()
  assert.equal(await ui.rows.count(), 0)
})

test('the form works with the keyboard, forgives spaces around an ID, and keeps the ID that was given', async ({ page, ui, proxy }) => {
  await page.goto(`${proxy.origin}/?project_id=${PROJECT}`)
  await ui.instance.waitFor()
  assert.equal(await ui.project.inputValue(), PROJECT)
  await ui.instance.fill(` ${INSTANCE} `)
  await ui.instance.press('Enter')
  await ui.shows(1, 10)
})

test('the form does not go on with an ID missing', async ({ page, ui, calls, proxy }) => {
  await page.goto(`${proxy.origin}/`)
  await ui.instance.fill(INSTANCE)
  await ui.show.click()
  await ui.text('Enter the Project ID.').waitFor()
  assert.equal(calls.length, 0)
  assert.ok(await ui.project.isVisible())
})
