// What old portals do to a page: enumerable extensions of every prototype, global handlers that swallow and meddle.
const seen = (window.seen = { errors: 0, rejections: 0, keys: [] })
Object.prototype.foo = 'everywhere'
Object.prototype.extend = function () { return this }
Array.prototype.remove = function (item) { return this.filter((each) => each !== item) }
Array.prototype.last = function () { return this[this.length - 1] }
Array.prototype.toJSON = function () { return `[${this.length}]` }
String.prototype.toJSON = function () { return `"${this}"` }
String.prototype.startsWithLetter = function () { return /^[a-z]/i.test(this) }
Function.prototype.once = function () { return this }
Number.prototype.format = function () { return `${this}` }
Element.prototype.hide = function () { this.setAttribute('hidden', '') }
window.onerror = () => { seen.errors++; return true }
window.onunhandledrejection = (event) => { seen.rejections++; event.preventDefault() }
for (const kind of ['keydown', 'keyup', 'keypress']) {
  document.addEventListener(kind, (event) => {
    seen.keys.push(event.key)
    if (/^[jk/?]$/.test(event.key)) event.preventDefault()
  })
}
document.addEventListener('click', (event) => { if (event.target.closest('a')) event.preventDefault() }, true)
window.name = 'hostile'
window.event_bus = window.App = window.wasm = window.define = { amd: true }
