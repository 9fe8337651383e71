// A service that can be told what to answer next: a real server of its own behind the real proxy. Each project ID is a
// world of its own, so many cells share one server.
import http from 'node:http'
import { once } from 'node:events'

/** How many tasks every project has; each fourth has failed. */
export const TASKS = 42
const instant = (index, seconds) => new Date(Date.UTC(2020, 5, 15, 2, 0, 0) - index * 3_600_000 + seconds * 1000).toISOString()
const STATUS = (index) => (index % 4 === 3 ? 'failed' : 'success')

export const task = (index) => ({
  id: `task-${String(index + 1).padStart(4, '0')}`,
  scan_type: index % 7 ? 'auto' : 'manual',
  status: STATUS(index),
  created_at: instant(index, 0),
  started_at: instant(index, 5),
  finished_at: instant(index, 65),
})
const ALL = Array.from({ length: TASKS }, (_, index) => task(index))

/** What the service answers to a query when all is well. */
export function page({ offset = 0, limit = 10, status }, all = ALL) {
  const matching = all.filter((task) => !status || task.status === status)
  return { instance_id: 'i', count: matching.length, records: matching.slice(Number(offset), Number(offset) + Number(limit)) }
}

// ---------------------------------------------------------------- ways to answer: (response, query) => void

/** These bytes, whole. */
export const raw = (status, body, type = 'application/json', headers = {}) => (response) => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}
export const json = (status, value, headers) => raw(status, JSON.stringify(value), undefined, headers)
/** A success: what `make` makes of the query; by default the right answer. */
export const success = (make = page) => (response, query) => {
  const made = make(query)
  raw(200, typeof made === 'string' ? made : JSON.stringify(made))(response)
}
/** The right answer over a connection that closes after this part of the body. */
export const closing = (part) => (response, query) => {
  const body = JSON.stringify(page(query))
  if (part === 0) return response.destroy()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.write(body.slice(0, body.length * part), () => response.socket?.destroySoon())
}
/** A success of so many bytes, of which the head does not tell the length. */
export const huge = (bytes) => async (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"count":0,"records":[')
  const piece = Buffer.alloc(1 << 20, ' ')
  for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
    if (response.write(piece)) continue
    const gone = new AbortController()
    await Promise.race([once(response, 'drain', gone), once(response, 'close', gone)])
    gone.abort()
  }
  response.end(']}')
}

// ---------------------------------------------------------------- the server

/** Starts the service; `{ origin, tell(project, answer), asked(project), held(project), release(project), stop(), start() }`. */
export async function startUpstream() {
  const worlds = new Map()
  const world = (project) => {
    if (!worlds.has(project)) worlds.set(project, { answer: success(), asked: [], held: [] })
    return worlds.get(project)
  }
  const serve = (request, response) => {
    response.on('error', () => {})
    const url = new URL(request.url, 'http://service')
    const place = world(url.pathname.split('/')[2])
    const query = Object.fromEntries(url.searchParams)
    place.asked.push(query)
    place.answer(response, query, place)
  }
  let server
  const start = async (port = 0) => {
    server = http.createServer(serve)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await start()
  const { port } = server.address()
  return {
    origin: `http://127.0.0.1:${port}`,
    tell: (project, answer = success()) => { world(project).answer = answer },
    /** The queries that came for this project, in order. */
    asked: (project) => world(project).asked,
    /** How many answers are held back. */
    held: (project) => world(project).held.length,
    /** Sends the answers that were held back. */
    release: (project) => world(project).held.splice(0).forEach((send) => send()),
    start: () => start(port),
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Holds the right answer back until it is released; `once`: that of the next call alone. */
export const holding = ({ once: only = false } = {}) => (response, query, world) => {
  world.held.push(() => success()(response, query))
  if (only) world.answer = success()
}
