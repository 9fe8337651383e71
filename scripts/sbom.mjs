#!/usr/bin/env node
// The bills of materials (CycloneDX) of the page's module and of the proxy, and the licences in them, beside the npm
// tarball in package/. From Cargo.lock and the crates' own words; the same for the same lock file, byte for byte.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library'

const source = path.resolve(import.meta.dirname, '..')
const out = path.join(source, 'package')
const SHIPPED = [
  { name: 'bigkey-tasks', type: Enums.ComponentType.Library, args: ['--filter-platform', 'wasm32-unknown-unknown'] },
  { name: 'bigkey-proxy', type: Enums.ComponentType.Application, args: ['--filter-platform', 'x86_64-unknown-linux-gnu', '--features', 'proxy'] },
]
const checksums = readChecksums()
fs.mkdirSync(out, { recursive: true })
for (const shipped of SHIPPED) {
  const { root, crates } = readCrates(shipped.args)
  const bom = await write(makeBom(shipped, root, crates), `${shipped.name}-${root.version}.cdx.json`)
  fs.writeFileSync(path.join(out, `${shipped.name}-${root.version}.licenses.txt`), licences(shipped.name, root, crates))
  console.log(`  package/${bom}: ${crates.filter((crate) => crate.isIn).length} crates that are in it, ${crates.filter((crate) => !crate.isIn).length} that it is built with`)
}

/** SHA-256 of each crate, by `name version`. */
function readChecksums() {
  const lock = fs.readFileSync(path.join(source, 'Cargo.lock'), 'utf8')
  return new Map([...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = .*\nchecksum = "(.+)"$/gm)].map(([, name, version, sum]) => [`${name} ${version}`, sum]))
}

/**
 * The crates of a build: `{ root, crates }`. `isIn`: its code is in what is shipped; the others only run while that is
 * made, as procedural macros and build scripts do.
 */
function readCrates(args) {
  const { packages, resolve } = JSON.parse(execFileSync('cargo', ['metadata', '--locked', '--format-version', '1', ...args], { cwd: source, encoding: 'utf8', maxBuffer: 1 << 28 }))
  const crates = new Map(packages.map((crate) => [crate.id, crate]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const isMacro = (id) => crates.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))
  const reached = new Map() // by ID: whether its code is in it
  const visit = (id, isIn) => {
    if (reached.get(id) || reached.get(id) === isIn) return
    reached.set(id, isIn)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      if (kinds.some(({ kind }) => kind === null)) visit(pkg, isIn && !isMacro(pkg))
      if (kinds.some(({ kind }) => kind === 'build')) visit(pkg, false)
    }
  }
  visit(resolve.root, true)
  const found = [...reached].map(([id, isIn]) => ({ ...crates.get(id), isIn, needs: nodes.get(id).deps.map(({ pkg }) => pkg).filter((pkg) => reached.has(pkg)) }))
  const root = found.find(({ id }) => id === resolve.root)
  return { root, crates: found.filter((crate) => crate !== root).sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1)) }
}

/** As SPDX writes it: older crates put a slash for "or". */
function licence(crate) {
  if (!crate.license) throw new Error(`${crate.name} ${crate.version} names no licence`)
  return crate.license.replaceAll(/\s*\/\s*/g, ' OR ')
}

function makeBom({ name, type }, root, crates) {
  const components = new Map()
  const component = (crate, of = {}) => {
    const name = of.name ?? crate.name
    const purl = crate.source ? `pkg:cargo/${name}@${crate.version}` : undefined // what is in no registry has none
    const made = new Models.Component(of.type ?? Enums.ComponentType.Library, name, { version: crate.version, description: crate.description?.trim(), purl, bomRef: purl ?? `${name}@${crate.version}` })
    made.licenses.add(new Models.LicenseExpression(licence(crate)))
    const sum = checksums.get(`${crate.name} ${crate.version}`)
    if (sum) made.hashes.set(Enums.HashAlgorithm['SHA-256'], sum)
    if (crate.repository) made.externalReferences.add(new Models.ExternalReference(crate.repository, Enums.ExternalReferenceType.VCS))
    components.set(crate.id, made)
    return made
  }
  const bom = new Models.Bom()
  bom.metadata.component = component(root, { name, type })
  for (const crate of crates) {
    const made = component(crate)
    made.scope = crate.isIn ? Enums.ComponentScope.Required : Enums.ComponentScope.Excluded
    bom.components.add(made)
  }
  for (const { id, needs } of [root, ...crates]) for (const need of needs) components.get(id).dependencies.add(components.get(need).bomRef)
  return bom
}

/** Writes a bill that holds to the standard's own schema. */
async function write(bom, file) {
  const version = Spec.Spec1dot6.version
  const text = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bom, { sortLists: true, space: 2 })
  const wrong = await new Validation.JsonStrictValidator(version).validate(text)
  if (wrong) throw new Error(`${file} is no CycloneDX ${version}: ${JSON.stringify(wrong)}`)
  fs.writeFileSync(path.join(out, file), `${text}\n`)
  return file
}

/** The licences, each with what comes under it. */
function licences(name, root, crates) {
  const by = new Map()
  for (const crate of crates.filter(({ isIn }) => isIn)) by.set(licence(crate), [...(by.get(licence(crate)) ?? []), crate])
  const list = [...by].sort(([a], [b]) => (a < b ? -1 : 1)).map(([expression, all]) => `${expression}\n${all.map((crate) => `  ${crate.name} ${crate.version}`).join('\n')}\n`)
  return `${name} ${root.version} is under ${licence(root)}. The crates whose code is in it, by licence:\n\n${list.join('\n')}`
}
