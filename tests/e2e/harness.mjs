// What every end-to-end test starts from: one proxy and one browser for a file, one page for a test.
import assert from 'node:assert/strict'
import { after, test as nodeTest } from 'node:test'
import { axeSource, launch, openFixture, startProxy } from './stage.mjs'

export * from './stage.mjs'

let shared
after(async () => {
  if (!shared) return
  await (await shared.browser).close()
  await (await shared.proxy).stop()
})

/**
 * One test with a page of its own. Options: `proxy: true` for a proxy of its own too, and those of a browser context.
 * A fault of the page fails the test, whatever else it checks.
 */
export function test(name, options, body) {
  if (typeof options === 'function') return test(name, {}, options)
  const { proxy: own = false, ...context } = options
  nodeTest(name, { timeout: 120_000 }, async (t) => {
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

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** No finding by axe and nothing to scroll sideways, light and dark, wide and narrow. */
export async function checkAccessibility(page) {
  await page.evaluate(axeSource())
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      const where = `${colorScheme}, ${width} px`
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS)
      const told = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.flat().join(' ')} ${node.any[0]?.message ?? ''}`))
      assert.deepEqual(told, [], where)
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.scrollingElement
        return { scrollWidth, clientWidth }
      })
      assert.ok(scrollWidth <= clientWidth, `${where}: the page is ${scrollWidth - clientWidth} px too wide`)
    }
  }
}
