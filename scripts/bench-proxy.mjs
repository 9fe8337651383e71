// bigkey-proxy beside nginx as a plain reverse proxy, in front of the same upstream, with the same load tool.
//
//   node scripts/bench-proxy.mjs [--seconds 5] [--rounds 3] [--connections 64] [--million] [--flame] [--no-build]
//
// Needs nginx and wrk (Debian: apt-get install nginx-light wrk; for --flame also linux-perf). The upstream is an nginx too,
// which answers one page of ten tasks. All subjects take turns within a round, so that a machine busy with other things is
// unfair to none; the ratios are medians of the ratios of each round. With each subject stands the processor time that one
// of its requests took, which depends less on what else the machine does. --million also measures the memory after a million
// requests. --flame measures nothing: it samples the proxy under load, cache off, every call another, and draws where its
// time goes.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { hottest, sample, svg, tree } from './flame.mjs'

const option = (name, standard) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? standard : Number(process.argv[at + 1])
}
const flag = (name) => process.argv.includes(`--${name}`)
const seconds = option('seconds', 5)
const rounds = option('rounds', 3)
const connections = option('connections', 64)
const root = path.resolve(import.meta.dirname, '..')
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target')
const proxy = path.join(target, 'release-native', 'bigkey-proxy')

const which = (name) => {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']) {
    if (fs.existsSync(path.join(folder, name))) return path.join(folder, name)
  }
  console.error(`${name} is missing: apt-get install nginx-light wrk linux-perf`)
  process.exit(1)
}
const nginx = which('nginx')
const wrk = which('wrk')
if (flag('flame')) which('perf')

if (!flag('no-build')) {
  console.log('Building bigkey-proxy for speed (some minutes the first time)…')
  const cargo = ['build', '--locked', '--profile', 'release-native', '--features', 'proxy', '--bin', 'bigkey-proxy']
  execFileSync('cargo', cargo, { cwd: root, stdio: 'inherit' })
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-bench-'))
const children = []
const start = (program, args, env = {}) => {
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } })
  children.push(child)
  return child
}
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})
const listening = async (port) => {
  for (;;) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true) })
      socket.on('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const startNginx = async (name, workers, http) => {
  const at = path.join(folder, name)
  fs.mkdirSync(at)
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at}/${kind};`).join(' ')
  fs.writeFileSync(path.join(at, 'nginx.conf'), `daemon off; worker_processes ${workers}; pid ${at}/pid; error_log ${at}/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; ${temp} ${http} }`)
  return start(nginx, ['-e', path.join(at, 'error.log'), '-p', at, '-c', path.join(at, 'nginx.conf')])
}

const record = (index) => ({
  id: `858ee14c-2271-4489-8b82-7bda7459ae${String(index).padStart(2, '0')}`, scan_type: 'manual', status: 'success',
  created_at: '2020-06-15T02:21:18.669Z', started_at: '2020-06-15T02:21:23.534Z', finished_at: '2020-06-15T02:21:25.588Z',
})
const page = JSON.stringify({ instance_id: '5f9057b5-c330-4ee2-8138-7e69896eeec3', count: 42, records: [...Array(10).keys()].map(record) })
const call = '/v2/p/instances/i/bigkey-tasks?limit=10&offset='

// Every call another one: nothing can be shared.
const varied = path.join(folder, 'varied.lua')
fs.writeFileSync(varied, `local n = 0
init = function() math.randomseed(os.time()); n = math.random(1000000000) end
request = function() n = n + 1; return wrk.format("GET", "${call}" .. n) end\n`)

const load = (port, each, duration = seconds) => {
  const args = ['-t1', `-c${connections}`, `-d${duration}s`, '--latency']
  args.push(...(each ? ['-s', varied, `http://127.0.0.1:${port}`] : [`http://127.0.0.1:${port}${call}0`]))
  const text = execFileSync(wrk, args, { encoding: 'utf8' })
  const time = (percent) => {
    const [, number, unit] = text.match(new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`))
    return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit]
  }
  const bad = text.match(/Non-2xx or 3xx responses: (\d+)/)
  if (bad) throw new Error(`${bad[1]} requests failed at port ${port}`)
  return { rate: Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]), p50: time(50), p99: time(99), requests: Number(text.match(/(\d+) requests in/)[1]) }
}
/** The processor time, in µs, of a process and its children so far; the system counts in hundredths of a second. */
const processor = (pid) => {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  const [user, system] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ').slice(11, 13)
  return (Number(user) + Number(system)) * 10_000 + children.reduce((sum, child) => sum + processor(child), 0)
}
const status = (pid, name) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const ports = [await freePort(), await freePort(), await freePort(), await freePort()]
const [upstreamPort, plainPort, offPort, onPort] = ports

/** Where the time goes: a picture, and the functions that take most of it themselves. */
const flame = async (pid, port) => {
  load(port, true, 1)
  const file = path.join(target, 'bench', 'proxy.svg')
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const press = () => start(wrk, ['-t1', `-c${connections}`, `-d${seconds + 1}s`, '-s', varied, `http://127.0.0.1:${port}`])
  const samples = tree(await sample(pid, seconds, path.join(folder, 'samples'), start, press))
  fs.writeFileSync(file, svg(samples))
  console.log(`${samples.count} samples; the flame graph is ${file}. Functions by their own time:\n`)
  for (const [name, share] of hottest(samples, 25)) console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name.slice(0, 110)}`)
}

/** All subjects side by side. */
const compare = async (plain, off, on) => {
  const subjects = [
    { name: 'nginx, one view', child: plain, port: plainPort, each: false },
    { name: 'bigkey-proxy, cache off, one view', child: off, port: offPort, each: false, base: 0 },
    { name: 'bigkey-proxy, cache on, one view', child: on, port: onPort, each: false, base: 0 },
    { name: 'nginx, every call another', child: plain, port: plainPort, each: true },
    { name: 'bigkey-proxy, cache off, every call another', child: off, port: offPort, each: true, base: 3 },
  ]
  for (const { port, each } of subjects) load(port, each, 1)
  const results = subjects.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, { child, port, each }] of subjects.entries()) {
      const before = processor(child.pid)
      const one = load(port, each)
      results[index].push({ ...one, cost: (processor(child.pid) - before) / one.requests })
    }
  }

  console.log(`\nwrk, 1 thread, ${connections} connections, ${rounds} rounds of ${seconds} s, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; medians\n`)
  console.log('| | req/s | p50, ms | p99, ms | processor, µs a request | req/s to nginx | p99 to nginx |')
  console.log('|---|---:|---:|---:|---:|---:|---:|')
  for (const [index, { name, base }] of subjects.entries()) {
    const mine = results[index]
    const ratio = (key) => base === undefined ? '' : median(mine.map((one, round) => one[key] / results[base][round][key])).toFixed(2)
    const cells = [median(mine.map((one) => one.rate)).toFixed(0), median(mine.map((one) => one.p50)).toFixed(2), median(mine.map((one) => one.p99)).toFixed(2), median(mine.map((one) => one.cost)).toFixed(0)]
    console.log(`| ${name} | ${cells.join(' | ')} | ${ratio('rate')} | ${ratio('p99')} |`)
  }
  if (flag('million')) {
    for (const [name, child, port, each] of [['cache off, every call another', off, offPort, true], ['cache on, every call another', on, onPort, true]]) {
      let requests = 0
      while (requests < 1_000_000) requests += load(port, each, 10).requests
      console.log(`memory after ${requests} requests (${name}): ${status(child.pid, 'VmRSS').toFixed(1)} MiB, at most ${status(child.pid, 'VmHWM').toFixed(1)} MiB`)
    }
  } else {
    console.log(`\nmemory: cache off ${status(off.pid, 'VmRSS').toFixed(1)} MiB, cache on ${status(on.pid, 'VmRSS').toFixed(1)} MiB`)
  }
}

try {
  await startNginx('upstream', 1, `server { listen 127.0.0.1:${upstreamPort}; location / { default_type application/json; return 200 '${page}'; } }`)
  const plain = await startNginx('plain', 'auto', `upstream u { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${plainPort}; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Auth-Token t; } }`)
  const args = (port) => ['--listen', `127.0.0.1:${port}`, '--upstream', `http://127.0.0.1:${upstreamPort}`, '--allow', 'p/*', '--log-level', 'warn']
  const off = start(proxy, [...args(offPort), '--cache-ttl', '0s'], { BIGKEY_TOKEN: 't' })
  const on = start(proxy, args(onPort), { BIGKEY_TOKEN: 't' })
  await Promise.all(ports.map(listening))

  await (flag('flame') ? flame(off.pid, offPort) : compare(plain, off, on))
} finally {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve))))
  fs.rmSync(folder, { recursive: true, force: true })
}
