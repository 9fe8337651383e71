// `make soak`: a page that asks by itself over a list that moves, while one fault after another comes and goes and a reader
// does something now and then; in accelerated time. First every fault once, to warm up, then eight hours in which nothing
// that the page holds on to may grow. SEED gives another run; HOURS makes it longer or shorter.
import assert from 'node:assert/strict'
import { eventually, launch, openFixture, random } from '../e2e/stage.mjs'
import { startStack } from '../matrix/cell.mjs'
import { MovingList } from '../matrix/moving.mjs'
import { FAULTS } from '../matrix/table.mjs'
import { success } from '../matrix/upstream.mjs'
import { gauge, measure, virtualTime } from './watch.mjs'

const SEED = Number(process.env.SEED ?? 1)
const HOURS = Number(process.env.HOURS ?? 8)
const [SECOND, MINUTE] = [1000, 60_000]
const SAMPLE = 10 * MINUTE
const VIEW = { project_id: 'soak', instance_id: 'i', refresh: '5' }
const PROJECT = VIEW.project_id
/** The longest wait of all: five minutes after failures, and 30 s until an answer counts as missing; a second of slack. */
const LONGEST = 5 * MINUTE + 31 * SECOND

const dice = random(SEED)
const between = (low, high) => Math.round(low + dice() * (high - low))
const pick = (all) => all[Math.floor(dice() * all.length)]

// ---------------------------------------------------------------- the stage

const [browser, stack] = await Promise.all([launch(), startStack({ lax: true })])
const fixture = await openFixture(browser, stack.proxy)
const { ui, page, context } = fixture
const HOME = fixture.address(VIEW)
const stage = { ...fixture, stack, upstream: stack.upstream, project: PROJECT }
const list = new MovingList(dice)
/** The service is well: every call finds the list moved on. */
const well = success((query) => { list.move(); return list.page(query) })
const samples = []
let [passed, longest, faultsRun] = [0, 0, 0] // virtual time and the longest wait for a request, in milliseconds
let time

/** Lets time pass, and takes a sample whenever one is due. */
async function pass(millis, whateverComes) {
  for (const end = passed + millis; passed < end;) {
    const next = Math.min(end, (samples.length + 1) * SAMPLE)
    await time.pass(next - passed, whateverComes)
    passed = next
    if (passed === (samples.length + 1) * SAMPLE) await sample()
  }
}

async function sample() {
  const total = await page.evaluate(() => window.soak.asked)
  samples.push({ minute: passed / MINUTE, ...(await measure(time.cdp, page)), asked: total - (samples.at(-1)?.total ?? 0), total })
  console.log(row(samples.at(-1)))
}

const COLUMNS = { minute: 6, heap: 10, wasm: 10, nodes: 6, listeners: 9, timers: 6, asked: 5 }
const HEAD = `${Object.entries(COLUMNS).map(([name, width]) => name.padStart(width)).join(' ')}  heap and wasm, 0 to 5 MB${' '.repeat(9)}during`
const bar = (bytes) => '█'.repeat(Math.min(30, Math.round(bytes / 5e6 * 30))).padEnd(32)
const row = (each) => `${Object.entries(COLUMNS).map(([name, width]) => each[name].toLocaleString('en').padStart(width)).join(' ')}  ${bar(each.heap + each.wasm)} ${during}`

// ---------------------------------------------------------------- what must hold

let during = 'all is well'

/** Whatever fails: the page asks on, however long that takes. */
async function asksOn() {
  const wait = await page.evaluate(() => Math.max(window.soak.gap, Date.now() - window.soak.last))
  longest = Math.max(longest, wait)
  assert.ok(wait <= LONGEST, `${during}: nothing was asked for ${wait / SECOND} s`)
}

/** The fault is told as the table says. */
async function tells(fault) {
  if (fault.offline) { // the page knows, and asks nothing: that its rows grow old is told beside them
    assert.match(await ui.visibleText(), /Updated .*ago/, `${fault.name}: the age of the rows is not told`)
    assert.ok(await ui.rows.count(), `${fault.name}: the rows are gone`)
    for (const alert of await ui.alert.allInnerTexts()) assert.ok(alert.includes(fault.title), `${fault.name}: the alert says something else`) // of a call that was under way
    return
  }
  if (fault.title && fault.title !== 'PROXY.0512') await eventually(async () => assert.ok((await ui.alert.innerText()).includes(fault.title), `${fault.name}: the alert says something else`))
  // A connection that closes after an answer can be closing while the next call takes it, so soon after one another they come here.
  if (!fault.title) {
    await recovers(fault)
    await eventually(async () => assert.deepEqual([await ui.alert.count(), await ui.rows.count()], [0, fault.rows], `${fault.name}: the rows`))
  }
}

/** All is well again, without anybody's doing. */
async function recovers(fault) {
  for (let waited = 0; (await ui.alert.count()) > 0; waited += 10 * SECOND) {
    assert.ok(waited <= LONGEST, `${fault.name}: no recovery`)
    await pass(10 * SECOND)
  }
}

async function isTrue() {
  await pass(6 * SECOND) // the next answer is here
  const { records, count } = list.page({})
  await eventually(async () => {
    assert.deepEqual(await ui.ids(), records.map((task) => task.id))
    assert.equal(await ui.range(1, records.length, count).count(), 1)
    assert.equal(await ui.alert.count(), 0)
  })
}

// ---------------------------------------------------------------- what happens

/** What a reader does now and then. Where that leads elsewhere, the address leads back: buttons stand at the rows that stayed. */
const READER = [
  () => ui.next.press('Enter'),
  () => ui.status.selectOption('failed'),
  () => ui.limit.selectOption('100'),
  () => ui.refresh.press('Enter'),
  async () => { await ui.zone.selectOption('UTC'); await pass(SECOND); await ui.zone.selectOption('local') },
  async () => {
    const speak = (language) => page.evaluate((language) => document.querySelector('bigkey-tasks').setAttribute('locale', language), language)
    for (const language of ['de', 'ar', 'en']) { await speak(language); await pass(SECOND) }
  },
  async () => {
    const task = ui.rows.getByRole('button').first()
    if ((await task.count()) === 0) return
    await task.press('Enter')
    await pass(SECOND)
    await page.keyboard.press('Escape')
  },
]

async function reads(what) {
  await what()
  await pass(SECOND)
  await page.evaluate((home) => {
    if (location.href === home) return
    history.pushState(null, '', home)
    dispatchEvent(new PopStateEvent('popstate'))
  }, HOME)
  await pass(SECOND)
}

/** A fault that lasts for so long, and a little. */
async function fails(fault, length) {
  faultsRun++
  during = fault.name
  if (fault.answer) stack.upstream.tell(PROJECT, fault.answer)
  await fault.begin?.(stage)
  const unanswered = Boolean(fault.clock)
  await pass(MINUTE + 32 * SECOND, unanswered) // by now it has asked, and given up waiting
  await tells(fault)
  if (!unanswered) await reads(pick(READER))
  await pass(length, unanswered)
  if (!/offline/.test(fault.name)) await asksOn()
  stack.upstream.tell(PROJECT, well)
  await fault.end?.(stage)
  // While the proxy keeps everybody away from a service that asked for a pause, nothing can have ended.
  if (fault.pause) await eventually(async () => assert.ok((await fetch(`${stack.proxy.origin}/v2/${PROJECT}/instances/i/bigkey-tasks`)).ok))
  during = 'all is well'
  await recovers(fault)
  await page.evaluate(() => window.soak.forget())
}

/** All faults in the order of a shuffled deck, but for the one that is none: an answer that comes late. */
function shuffled() {
  const deck = FAULTS.filter((fault) => !fault.late)
  return Array.from(deck, () => deck.splice(Math.floor(dice() * deck.length), 1)[0])
}

// ---------------------------------------------------------------- the verdict

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
/** By how much the median of the last third may exceed that of the first. The heap holds the code that drives the page, too. */
const ALLOWED = { heap: (before) => before * 0.05, wasm: () => 0, nodes: (before) => before * 0.03, listeners: () => 0, timers: () => 0 }

function verdict(warm) {
  const measured = samples.slice(warm)
  const third = Math.ceil(measured.length / 3)
  console.log(`\nafter warm-up, median of the first and of the last ${third} samples:`)
  const grown = []
  for (const [what, allowed] of Object.entries(ALLOWED)) {
    const [before, after] = [measured.slice(0, third), measured.slice(-third)].map((part) => median(part.map((each) => each[what])))
    const grows = after - before > allowed(before)
    console.log(`${what.padStart(9)} ${before.toLocaleString('en').padStart(10)} ${after.toLocaleString('en').padStart(10)}  ${((after / before - 1) * 100).toFixed(1).padStart(5)} %${grows ? '  GROWS' : ''}`)
    if (grows) grown.push(what)
  }
  console.log(`\n${samples.at(-1).total.toLocaleString('en')} requests, ${faultsRun} faults, the longest wait for a request ${Math.round(longest / SECOND)} s, in ${Math.round((Date.now() - begun) / SECOND)} s`)
  assert.deepEqual(grown, [], 'what grows')
}

// ---------------------------------------------------------------- the run

const begun = Date.now()
try {
  console.log(`Warm-up, then ${HOURS} hours; seed ${SEED}. What is held once garbage was collected, every ${SAMPLE / MINUTE} minutes:\n\n${HEAD}`)
  await page.addInitScript(gauge)
  stack.upstream.tell(PROJECT, well)
  await page.goto(HOME)
  await ui.idle()
  time = await virtualTime(context, page)
  // Twice each: by then the browser has compiled what is used now and then, too.
  for (const [i, fault] of [...shuffled(), ...shuffled()].entries()) {
    await reads(READER[i % READER.length])
    await fails(fault, 30 * SECOND)
  }
  const warm = samples.length
  const end = passed + HOURS * 60 * MINUTE
  for (let deck = []; passed < end;) {
    await pass(between(MINUTE, 10 * MINUTE))
    if (dice() < 0.5) await reads(pick(READER))
    await isTrue()
    if (!deck.length) deck = shuffled()
    await fails(deck.pop(), dice() < 0.2 ? between(20 * MINUTE, 40 * MINUTE) : between(30 * SECOND, 8 * MINUTE))
  }
  await isTrue()
  verdict(warm)
  assert.deepEqual(fixture.faults, [], 'faults of the page')
} finally {
  await browser.close()
  await stack.stop()
}
