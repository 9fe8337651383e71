// A list that moves: tasks are inserted at the top, start, finish and fail, and the oldest go when too many are kept.
const MINUTE = 60_000

/** `dice` gives numbers in [0, 1); of `size` tasks at the beginning, no more than `kept` are ever there. */
export class MovingList {
  /** The tasks, the newest first. */
  tasks = []
  #born = 0
  #dice
  #kept

  constructor(dice, { size = 80, kept = 100 } = {}) {
    this.#dice = dice
    this.#kept = kept
    this.insert(size)
    for (const task of this.tasks.slice(2)) this.#end(this.#start(task))
  }

  /** So many new tasks at the top, which wait. What is too much at the other end goes. */
  insert(n) {
    for (; n > 0; n--) {
      const number = ++this.#born
      const created = new Date(Date.now() - (number % 7) * MINUTE).toISOString()
      this.tasks.unshift({ id: `task-${String(number).padStart(6, '0')}`, scan_type: number % 7 ? 'auto' : 'manual', status: 'waiting', created_at: created })
    }
    this.tasks.length = Math.min(this.tasks.length, this.#kept)
  }

  /** A little time passes: some tasks are inserted, some start, some end. */
  move() {
    const chance = (p) => this.#dice() < p
    for (const task of this.tasks) {
      if (task.status === 'running' && chance(0.25)) this.#end(task)
      else if (task.status === 'waiting' && chance(0.25)) this.#start(task)
    }
    if (chance(0.25)) this.insert(1 + Math.floor(this.#dice() * 3))
  }

  #start(task) { return Object.assign(task, { status: 'running', started_at: new Date().toISOString() }) }
  #end(task) { return Object.assign(task, { status: this.#dice() < 0.25 ? 'failed' : 'success', finished_at: new Date().toISOString() }) }

  /** The answer to a query. */
  page({ offset = 0, limit = 10, status }) {
    const matching = this.tasks.filter((task) => !status || task.status === status)
    return { instance_id: 'i', count: matching.length, records: matching.slice(Number(offset), Number(offset) + Number(limit)) }
  }
}
