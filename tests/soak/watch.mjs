// A page whose time is the test's: how it passes, and what the page holds on to.

/**
 * Chromium's own virtual time: every clock and timer of the page follows it, native ones, and whenever nothing is left to do
 * it jumps to the next timer. It stands still while a request is under way, so an answer never comes late by it; but
 * `whateverComes` lets it run on, for a service that never answers.
 */
export async function virtualTime(context, page) {
  const cdp = await context.newCDPSession(page)
  const pass = (millis, whateverComes) => new Promise((over, failed) => {
    cdp.once('Emulation.virtualTimeBudgetExpired', over)
    const policy = whateverComes ? 'advance' : 'pauseIfNetworkFetchesPending'
    cdp.send('Emulation.setVirtualTimePolicy', { policy, budget: millis, maxVirtualTimeTaskStarvationCount: 1_000_000 }).catch(failed)
  })
  await pass(1)
  return { cdp, pass }
}

/** Put into the page before all else: counts what is pending, and when the list was asked for. Keeps no list that grows. */
export function gauge() {
  const soak = (window.soak = { timers: new Set(), memories: [], asked: 0, last: Date.now(), gap: 0, forget() { Object.assign(soak, { last: Date.now(), gap: 0 }) } })
  const counted = (start, end, repeats) => {
    const [begin, cancel] = [window[start], window[end]]
    window[start] = (callback, ...rest) => {
      const id = begin.call(window, (...args) => { if (!repeats) soak.timers.delete(start + id); callback(...args) }, ...rest)
      soak.timers.add(start + id)
      return id
    }
    window[end] = (id) => { soak.timers.delete(start + id); cancel.call(window, id) }
  }
  counted('setTimeout', 'clearTimeout')
  counted('setInterval', 'clearInterval', true)
  counted('requestAnimationFrame', 'cancelAnimationFrame')
  const { fetch } = window
  window.fetch = (what, ...rest) => {
    if (String(what.url ?? what).includes('/v2/')) {
      const now = Date.now()
      Object.assign(soak, { asked: soak.asked + 1, last: now, gap: Math.max(soak.gap, now - soak.last) })
    }
    return fetch(what, ...rest)
  }
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args)
    soak.memories.push(made.exports.memory)
    return made
  }
}

/** What the page holds on to, once all that it does not is gone. */
export async function measure(cdp, page) {
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters')
  const own = await page.evaluate(() => ({
    wasm: window.soak.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
    timers: window.soak.timers.size,
  }))
  return { heap: usedSize, nodes, listeners: jsEventListeners, ...own }
}
