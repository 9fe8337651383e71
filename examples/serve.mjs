#!/usr/bin/env node
// Shows one of the hosts:  node examples/serve.mjs plain [PORT]
import { HOSTS, build, install, startProxy, startStatic } from './hosts.mjs'
import path from 'node:path'

const [name, port = 8090] = process.argv.slice(2)
if (!Object.hasOwn(HOSTS, name)) {
  console.error(`usage: node examples/serve.mjs ${Object.keys(HOSTS).join('|')} [PORT]`)
  process.exit(2)
}
await install()
const dist = await build(name)
const servers = []
const keep = (server) => { servers.push(server); return server }
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    for (const server of servers) await server.stop()
    process.exit(0)
  })
}
let address
if (name === 'iframe') {
  const outer = keep(await startStatic(path.join(import.meta.dirname, 'iframe/portal'), { port: Number(port) + 1 }))
  const inner = keep(await startProxy(dist, { port, frameAncestors: [outer.origin] }))
  address = `${outer.origin}/?frame=${encodeURIComponent(inner.origin)}`
} else {
  address = keep(await startProxy(dist, { port })).origin
}
console.log(`Ready: ${address}\nCtrl-C ends it`)
