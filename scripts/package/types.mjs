// The type definitions of the package, from what api.mjs read.

import { catalogues } from '../bundle.mjs'

const union = (names) => names.map((name) => `'${name}'`).join(' | ')
const comment = (text, indent = '') => (text ? `${indent}/** ${text} */\n` : '')
const key = (name) => (/^\w+$/.test(name) ? name : `'${name}'`)
const named = (api) => [...new Set(api.attributes.flatMap(({ type }) => type.match(/Bigkey\w+/g) ?? []))]

/** index.d.ts */
export function index(api) {
  const out = ['// Made by scripts/package.mjs from the sources of the element.\n']
  for (const { name, doc, type } of api.aliases) out.push(`${comment(doc)}export type ${name} = ${type}\n`)
  for (const { name, doc, fields } of api.types) {
    const lines = fields.map((field) => `${comment(field.doc, '  ')}  ${key(field.name)}${field.optional ? '?' : ''}: ${field.type}\n`)
    out.push(`${comment(doc)}export interface ${name} {\n${lines.join('')}}\n`)
  }
  const events = api.events.map(({ name, text, detail }) => `${comment(text, '  ')}  '${name}': CustomEvent<${detail}>\n`)
  out.push(`/** The events of the element, by name. All bubble and cross shadow roots. */\nexport interface BigkeyTasksEventMap {\n${events.join('')}}\n`)
  const attributes = api.attributes.map(({ name, type, text }) => `${comment(text, '  ')}  ${key(name)}?: ${type === 'number' ? 'number | `${number}`' : type === 'boolean' ? "boolean | ''" : type}\n`)
  out.push(`/** The element’s attributes, as a template takes them. */\nexport interface BigkeyTasksAttributes {\n${attributes.join('')}}\n`)
  const properties = api.attributes.filter(({ property }) => property)
  const assignable = properties.map(({ property, type, text }) => `${comment(text, '  ')}  ${property}?: ${type}\n`)
  out.push(`/** The element’s properties, as a framework assigns them. */\nexport interface BigkeyTasksProperties {\n${assignable.join('')}}\n`)
  // A method and an attribute of one name: read, it is the method; assigned, it sets the attribute.
  const members = properties.map(({ property, type, text }) => {
    const method = api.methods.find(({ name }) => name === property)
    if (!method) return `${comment(text, '  ')}  ${property}: ${type}\n`
    const callable = method.signature.replace(/\): /, ') => ')
    return `${comment(`Called: ${method.text} Assigned: ${text}`, '  ')}  get ${property}(): ${callable}\n  set ${property}(value: ${type} | null)\n`
  })
  const methods = api.methods.filter(({ name }) => !properties.some(({ property }) => property === name))
    .map(({ name, signature, text }) => `${comment(text, '  ')}  ${name}${signature}\n`)
  const listen = (verb) => `  ${verb}EventListener<K extends keyof BigkeyTasksEventMap>(type: K, listener: (this: BigkeyTasksElement, event: BigkeyTasksEventMap[K]) => unknown, options?: boolean | ${verb === 'add' ? 'AddEventListenerOptions' : 'EventListenerOptions'}): void
  ${verb}EventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown, options?: boolean | ${verb === 'add' ? 'AddEventListenerOptions' : 'EventListenerOptions'}): void
  ${verb}EventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | ${verb === 'add' ? 'AddEventListenerOptions' : 'EventListenerOptions'}): void
`
  out.push(`/** \`<bigkey-tasks>\` */\nexport class BigkeyTasksElement extends HTMLElement {\n${members.join('')}${methods.join('')}${listen('add')}${listen('remove')}}\n`)
  out.push(`/** Defines the element, under another name or in a registry of its own if need be. Importing the module defines \`bigkey-tasks\`. */
export function define(name?: string, registry?: CustomElementRegistry): void

/**
 * Says where the wasm files are, and the texts in other languages than English by language tag, if not beside the script.
 * Counts until the first element asks for them.
 */
export function configure(options: { wasmUrl?: string | URL, extrasWasmUrl?: string | URL, catalogues?: Partial<Record<${union(catalogues().map(({ tag }) => tag))}, string | URL>> }): void

declare global {
  interface HTMLElementTagNameMap {
    'bigkey-tasks': BigkeyTasksElement
  }
}
`)
  return out.join('\n')
}

const imports = "import type { BigkeyTasksAttributes, BigkeyTasksElement, BigkeyTasksEventMap, BigkeyTasksProperties } from './index.js'\nexport * from './index.js'\n"

/** react.d.ts: React 18 and 19, told apart by what the types of React have. */
export const react = () => `// Makes <bigkey-tasks> known to JSX: import 'bigkey-tasks/react' once.
import type * as React from 'react'
${imports}
type Listeners = { [K in keyof BigkeyTasksEventMap as \`on\${K}\`]?: (event: BigkeyTasksEventMap[K]) => void }
/**
 * React 19 assigns a custom element’s properties, and listens to its event by a prop \`on\` + its name. React 18 sets
 * attributes only, and needs a ref and addEventListener.
 */
type Assigned = typeof React extends { use: unknown } ? Omit<BigkeyTasksProperties, keyof BigkeyTasksAttributes> & Listeners : unknown
export type BigkeyTasksProps = React.DetailedHTMLProps<Omit<React.HTMLAttributes<BigkeyTasksElement>, keyof BigkeyTasksAttributes>, BigkeyTasksElement>
  & { class?: string } & BigkeyTasksAttributes & Assigned

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'bigkey-tasks': BigkeyTasksProps
    }
  }
}
declare global {
  namespace JSX {
    interface IntrinsicElements {
      'bigkey-tasks': BigkeyTasksProps
    }
  }
}
`

/** vue.d.ts */
export const vue = () => `// Makes <bigkey-tasks> known to Vue's templates: import 'bigkey-tasks/vue' once, and tell the compiler that the tag is
// a custom element (compilerOptions.isCustomElement).
import type { DefineComponent, HTMLAttributes } from 'vue'
${imports}
type Listeners = { [K in keyof BigkeyTasksEventMap as K extends \`bigkey-\${infer Name}\` ? \`onBigkey\${Pascal<Name>}\` : never]?: (event: BigkeyTasksEventMap[K]) => void }
type Pascal<Text extends string> = Text extends \`\${infer Head}-\${infer Tail}\` ? \`\${Capitalize<Head>}\${Pascal<Tail>}\` : Capitalize<Text>
export type BigkeyTasksProps = Omit<HTMLAttributes, keyof BigkeyTasksAttributes> & BigkeyTasksAttributes & Omit<BigkeyTasksProperties, keyof BigkeyTasksAttributes> & Listeners

declare module 'vue' {
  interface GlobalComponents {
    'bigkey-tasks': DefineComponent<BigkeyTasksProps>
  }
}
`

/** svelte.d.ts */
export const svelte = () => `// Makes <bigkey-tasks> known to Svelte's templates: import 'bigkey-tasks/svelte' once.
import type { HTMLAttributes } from 'svelte/elements'
${imports}
type Listeners = { [K in keyof BigkeyTasksEventMap as \`on\${K}\` | \`on:\${K}\`]?: (event: BigkeyTasksEventMap[K]) => void }
export type BigkeyTasksProps = Omit<HTMLAttributes<BigkeyTasksElement>, keyof BigkeyTasksAttributes> & BigkeyTasksAttributes & Omit<BigkeyTasksProperties, keyof BigkeyTasksAttributes> & Listeners

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'bigkey-tasks': BigkeyTasksProps
  }
}
`

/** custom-elements.json */
export function manifest(api) {
  const type = (text) => ({ text })
  const properties = api.attributes.filter(({ property }) => property && !api.methods.some(({ name }) => name === property))
  const declaration = {
    kind: 'class', name: 'BigkeyTasksElement', tagName: 'bigkey-tasks', customElement: true,
    description: `${api.description}.`, superclass: { name: 'HTMLElement' },
    attributes: api.attributes.map(({ name, property, type: of, fallback, text }) => ({ name, type: type(of), ...(fallback && { default: fallback }), description: text, ...(property && { fieldName: property }) })),
    members: [
      ...properties.map(({ name, property, type: of, fallback, text }) => ({ kind: 'field', name: property, type: type(of), ...(fallback && { default: fallback }), description: text, attribute: name, reflects: true })),
      ...api.methods.map(({ name, signature, text }) => {
        const parameters = /^\((\w+): (.*)\): (.*)$/.exec(signature)
        return { kind: 'method', name, description: text, ...(parameters && { parameters: [{ name: parameters[1], type: type(parameters[2]) }] }), return: { type: type(parameters?.[3] ?? signature.replace('(): ', '')) } }
      }),
    ],
    events: api.events.map(({ name, text, detail }) => ({ name, type: type(`CustomEvent<${detail}>`), description: text })),
    slots: [{ name: '', description: 'Shown until the element is up, and never after.' }],
    cssParts: api.parts.map(({ name, text }) => ({ name, description: text })),
    cssProperties: api.tokens.map(({ name, fallback, text }) => ({ name: `--bigkey-${name}`, default: fallback, description: text })),
  }
  const fn = (name, description) => ({ kind: 'function', name, description })
  const declared = [declaration, fn('define', 'Defines the element under another name or in another registry.'), fn('configure', 'Says where the wasm files and the texts in other languages than English are.')]
  return {
    schemaVersion: '1.0.0',
    readme: 'README.md',
    modules: [{
      kind: 'javascript-module', path: 'bigkey-tasks.js', declarations: declared,
      exports: [
        ...declared.map(({ name }) => ({ kind: 'js', name, declaration: { name, module: 'bigkey-tasks.js' } })),
        { kind: 'custom-element-definition', name: 'bigkey-tasks', declaration: { name: 'BigkeyTasksElement', module: 'bigkey-tasks.js' } },
      ],
    }],
  }
}
