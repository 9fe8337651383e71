// Tasks and one text that has all of theirs, in one call: a call between wasm and the browser costs more than what is
// read or made of one task. The text has the members of each task in this order, with a NUL after each; nothing
// stands for what is null or absent.
const MEMBERS = ['id', 'scan_type', 'status', 'created_at', 'started_at', 'finished_at']

/** The text of the first items; undefined if one of them has anything else than texts, or a text without characters. */
export function join(items, count) {
  let all = ''
  for (let i = 0; i < count; i++) {
    const item = items[i]
    if (typeof item !== 'object' || !item) return
    for (const name of MEMBERS) {
      const value = item[name] ?? undefined
      if (value !== undefined) {
        if (typeof value !== 'string' || !value) return
        all += value
      }
      all += '\0'
    }
  }
  return all
}

/** Gives an object the tasks of a text as a member, made when it is first asked for: few hosts do, and there may be 1,000. */
export function splitLater(object, name, all) {
  const enumerable = true, configurable = true, writable = true
  const set = (value) => Object.defineProperty(object, name, { value, enumerable, configurable, writable })
  Object.defineProperty(object, name, { get: () => set(split(all))[name], set, enumerable, configurable })
}

/** The tasks of a text. */
export function split(all) {
  const texts = all.split('\0'), tasks = []
  for (let i = 0; i + MEMBERS.length < texts.length;) {
    const task = {}
    for (const name of MEMBERS) {
      const text = texts[i++]
      if (text) task[name] = text
    }
    tasks.push(task)
  }
  return tasks
}
