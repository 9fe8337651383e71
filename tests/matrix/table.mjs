// The fault matrix: every action of a reader by every fault on the way. One table for the whole (`make matrix`) and for
// the sample that `make test` runs.
import { closing, holding, huge, json, page, raw, success, task } from './upstream.mjs'

export const ACTIONS = ['first load', 'refresh', 'next page', 'filter change', 'Retry', 'by itself', 'export']

const HTML = '<!doctype html><title>Sign in</title><h1>Sign in</h1><p>Please sign in to go on.'
const service = (status, code, message, headers) => json(status, { error_code: code, error_msg: message }, headers)
const gateway = (status, code, message, headers) => json(status, { error_code: code, error_msg: message, request_id: '27f5a9b8c1d24e6f' }, headers)

/** A fault that shows as an alert: `title` heads it (and is what an export is rejected with), `says` is in it as well. */
const fails = (name, answer, title, says, options) => ({ name, answer, title, says, retry: true, ...options })
/**
 * An odd answer that shows as rows: so many of them, with `says` to be read; `exported` tasks are in a file, and what is
 * not in it is told by `warns` on the console; for that the service is `asked` so often.
 */
const shows = (name, answer, rows, says, exported, warns, asked) => ({ name, answer, rows, says, exported, warns, asked })
/** The first record of each page made another. */
const first = (change) => success((query) => { const { records: [one, ...rest], ...more } = page(query); return { ...more, records: [change(one), ...rest] } })

const TRY_AGAIN = 'Try again. If it keeps failing'
const CHECK_PROXY = 'Check the proxy.'
const CHECK_CONNECTION = 'Check your connection and the proxy'
const MISSING = 'console warning: 1 record could not be read and is not in the file.'
const NO_REASON = 'The service gave no reason.'

/*
 * `begin` and `end` stand for faults that are no answer of the service: they get the cell's stage. `own`: the cell has a
 * proxy and a service to itself. `pageFirst`: the page itself is there before the fault begins. `unloaded`: what is loaded
 * on demand, an export too, cannot be. `offline`: the page knows, and does not ask by itself. `clock`: the page's time is
 * virtual.
 */
export const FAULTS = [
  // ---- the service refuses
  fails('400, not supported', service(400, 'DCS.4919', 'Does not support bigkey analyze.'), 'DCS.4919', ['Does not support bigkey analyze.', 'Choose another instance.'], { retry: false }),
  fails('400, busy', service(400, 'DCS.4026', 'The instance is being backed up.'), 'DCS.4026', ['is being backed up', 'Try again when it is over.']),
  fails('401', service(401, 'DCS.1001', 'Invalid token.'), 'DCS.1001', ['Invalid token.', 'new credentials']),
  fails('401 of the identity service', json(401, { error: { code: 401, message: 'The request requires authentication.', title: 'Unauthorized' } }), '401', ['requires authentication', 'new credentials']),
  fails('403', service(403, 'DCS.2003', 'You do not have permission.'), 'DCS.2003', ['You do not have permission.', 'dcs:instance:analyze']),
  fails('404', service(404, 'DCS.3022', 'The DCS instance does not exist.'), 'DCS.3022', ['does not exist', 'Check the instance ID and the region.']),
  fails('405', raw(405, 'Method Not Allowed', 'text/plain'), 'HTTP 405', [NO_REASON, CHECK_PROXY]),
  fails('409', service(409, 'DCS.4999', 'Conflict.'), 'DCS.4999', ['Conflict.', TRY_AGAIN]),
  fails('413', raw(413, '<html><body>Request Entity Too Large</body></html>', 'text/html'), 'HTTP 413', [NO_REASON, CHECK_PROXY]),
  fails('429 with Retry-After', gateway(429, 'APIGW.0308', 'The throttling threshold has been reached.', { 'retry-after': '1' }), 'APIGW.0308', ['throttling threshold', 'Try again in 1 s.', '27f5a9b8c1d24e6f'], { pause: 1000 }),
  fails('429 without', gateway(429, 'APIG.0308', 'The throttling threshold has been reached.'), 'APIG.0308', ['throttling threshold', 'Wait a moment']),
  fails('500', service(500, 'DCS.5000', 'Internal service error.'), 'DCS.5000', ['Internal service error.', TRY_AGAIN]),
  fails('502 with HTML', raw(502, '<html><h1>502 Bad Gateway</h1></html>', 'text/html'), 'HTTP 502', [NO_REASON, TRY_AGAIN]),
  fails('503', service(503, 'DCS.5024', 'The service is busy.'), 'DCS.5024', ['The service is busy.', TRY_AGAIN]),
  fails('504', gateway(504, 'APIGW.0201', 'Backend timeout.'), 'APIGW.0201', ['Backend timeout.', TRY_AGAIN]),
  fails('redirect', raw(302, '', 'text/plain', { location: 'https://sign-in.example.com/' }), 'PROXY.0532', ['redirection', CHECK_PROXY]),
  // ---- the service answers with success, and no list
  fails('200 with HTML', raw(200, HTML, 'text/html'), 'The answer is not from the service', [CHECK_PROXY]),
  fails('200, empty', raw(200, ''), 'Empty answer', [CHECK_PROXY]),
  fails('200, JSON cut off', success((query) => JSON.stringify(page(query)).slice(0, -20)), 'The answer was cut off', [TRY_AGAIN]),
  fails('200, JSON with a fault in it', success((query) => JSON.stringify(page(query)).replace(':', '=')), 'The answer is not a list of tasks', [CHECK_PROXY]),
  fails('200, no records', success((query) => ({ ...page(query), records: null })), 'The answer is not a list of tasks', [CHECK_PROXY]),
  fails('200, an array', success((query) => page(query).records), 'The answer is not a list of tasks', [CHECK_PROXY]),
  fails('200, 50 MB', huge(50e6), 'PROXY.0512', ['greater than the proxy passes on', CHECK_PROXY]),
  fails('200, 50 MB that the proxy lets through', huge(50e6), 'The answer is too large', [CHECK_PROXY], { lax: true }),
  // ---- the service answers with a list that is odd
  shows('200, wrong types', success(() => ({ instance_id: 17, count: {}, records: [{ id: 'wrong', status: 3, scan_type: [], started_at: true }] })), 0, ['1 task of this page could not be read'], 0, MISSING),
  shows('200, 10,000 records', success(({ status }) => ({ count: 10_000, records: Array.from({ length: 10_000 }, (_, i) => ({ ...task(i), ...(status && { status }) })) })), 10, ['The service sent 9,990 more tasks'], 1000, undefined, 3),
  shows('200, an ID twice', success((query) => { const { records: [one, , ...rest], ...more } = page(query); return { ...more, records: [one, one, ...rest] } }), 10, [], 41),
  shows('200, NUL and lone surrogates', first((one) => ({ ...one, status: 'a\0b\ud800c' })), 10, ['\ufffdc'], 42),
  shows('200, numbers beyond 2^53', success((query) => JSON.stringify(first1(page(query))).replace(/"count":\d+/, '"count":123456789012345678901234567890').replace('"ID"', '9007199254740993')), 9, ['total unknown', '1 task of this page could not be read'], 41, MISSING),
  shows('closed after the body', closing(1), 10, [], 42),
  // ---- the way to the service
  fails('closed before the body', closing(0), 'PROXY.0522', ['broke off', TRY_AGAIN]),
  fails('closed in the body', closing(0.5), 'PROXY.0522', ['broke off', TRY_AGAIN]),
  fails('no answer for 60 s', holding(), 'No answer for 30 seconds', [TRY_AGAIN], { clock: 60_000, end: ({ upstream, project }) => upstream.release(project) }),
  fails('the service restarts', undefined, 'PROXY.0502', ['cannot reach the service', TRY_AGAIN], { own: true, begin: ({ upstream }) => upstream.stop(), end: ({ upstream }) => upstream.start() }),
  fails('the name of the service is gone', undefined, 'PROXY.0502', ['cannot reach the service', TRY_AGAIN], { own: true, pageFirst: true, begin: ({ stack }) => stack.restartProxy('http://service.invalid'), end: ({ stack }) => stack.restartProxy() }),
  // ---- the way to the proxy
  fails('the proxy restarts', undefined, 'No connection', [CHECK_CONNECTION], { own: true, pageFirst: true, unloaded: true, begin: ({ stack }) => stack.proxy.stop(), end: ({ stack }) => stack.restartProxy() }),
  fails('the name of the proxy is gone', undefined, 'No connection', [CHECK_CONNECTION], { pageFirst: true, begin: ({ page }) => page.route('**/v2/**', (route) => route.abort('namenotresolved')), end: ({ page }) => page.unroute('**/v2/**') }),
  fails('offline, then online', undefined, 'No connection', [CHECK_CONNECTION], { pageFirst: true, unloaded: true, offline: true, begin: ({ context }) => context.setOffline(true), end: ({ context }) => context.setOffline(false) }),
  // ---- nothing fails, but the answer comes late
  { name: 'answer after the filter changed', late: true, answer: holding({ once: true }) },
]

/** The page with its first ID made one that a number will replace. */
function first1({ records: [one, ...rest], ...more }) { return { ...more, records: [{ ...one, id: 'ID' }, ...rest] } }

export const cells = () => FAULTS.flatMap((fault) => ACTIONS.map((action) => ({ action, fault })))

/** What `make test` runs of it: each action and each kind of fault at least once. */
const SAMPLE = [
  ['first load', '401'], ['first load', '200, JSON cut off'],
  ['refresh', '429 with Retry-After'], ['refresh', 'no answer for 60 s'],
  ['next page', '500'], ['next page', 'the proxy restarts'],
  ['filter change', 'redirect'], ['filter change', 'answer after the filter changed'],
  ['Retry', '400, not supported'], ['Retry', '200, 10,000 records'],
  ['by itself', 'the service restarts'], ['export', 'closed in the body'],
]
export const sample = () => SAMPLE.map(([action, name]) => {
  const fault = FAULTS.find((fault) => fault.name === name)
  if (!fault || !ACTIONS.includes(action)) throw new Error(`the matrix has no cell ${action} × ${name}`)
  return { action, fault }
})
