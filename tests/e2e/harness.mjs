// What every end-to-end test starts from: one proxy and one browser for a file, one page for a test.
import assert from 'node:assert/strict'
import { after, test as nodeTest } from 'node:test'
import { launch, openFixture, startProxy } from './stage.mjs'

export * from './stage.mjs'

let shared
after(async () => {
  if (!shared) return
  await (await shared.browser).close()
  await (await shared.proxy).stop()
})

/**
 * One test with a page of its own. Options: `proxy: true` for a proxy of its own too, `timeout`, `skip`, and those of a
 * browser context.
 * A fault of the page fails the test, whatever else it checks.
 */
export function test(name, options, body) {
  if (typeof options === 'function') return test(name, {}, options)
  const { proxy: own = false, timeout = 120_000, skip = false, ...context } = options
  nodeTest(name, { timeout, skip }, async (t) => {
    shared ??= { browser: launch(), proxy: startProxy() }
    const proxy = own ? await startProxy() : await shared.proxy
    const fixture = await openFixture(await shared.browser, proxy, context)
    try {
      await body(fixture, t)
      assert.deepEqual(fixture.faults, [], 'faults of the page')
    } finally {
      await fixture.context.close()
      if (own) await fixture.proxy.stop()
    }
  })
}
