// What the names of the element mean, in words. The names themselves are read from the sources (api.mjs), which fails
// when one is missing here or no longer exists.

/** Attributes, each also a property in camelCase. `type` and `property` are TypeScript. */
export const ATTRIBUTES = {
  'api-base': { type: 'string', fallback: '', text: 'What comes before `/v2/…` in the address of the list call. Empty: the page’s own origin.' },
  'project-id': { type: 'string', fallback: '', text: 'The project of the instance.' },
  'instance-id': { type: 'string', fallback: '', text: 'The instance whose tasks are listed. Without the two IDs the element asks for them.' },
  status: { type: 'BigkeyStatusFilter', fallback: '', text: 'Only tasks in this state: `waiting`, `running`, `success` or `failed`; empty for all.' },
  offset: { type: 'number', fallback: '0', text: 'Tasks before the first one shown.' },
  limit: { type: 'number', fallback: '10', text: 'Tasks on a page, 1 to 1000.' },
  refresh: { type: "'auto' | 'off' | number | `${number}`", fallback: 'auto', text: 'When the list is asked for again by itself: `auto`, `off`, or a number of seconds from 5.' },
  locale: { type: 'string', fallback: '', text: 'Language of the texts as a BCP 47 tag; the nearest one available is taken. Empty: the reader’s.' },
  'time-zone': { type: 'string', fallback: 'local', text: '`local`, `UTC`, or an IANA name such as `Europe/Berlin`.' },
  theme: { type: "'auto' | 'light' | 'dark' | ''", fallback: 'auto', text: '`light`, `dark`, or `auto`, which follows the page’s `color-scheme`.' },
  'url-sync': { type: 'boolean', fallback: 'false', text: 'Keeps the page’s address and history in step. For a page that is nothing but the list; a portal leaves it off.' },
  'wasm-url': { type: 'string', fallback: 'beside the script', text: 'Where the `.wasm` file of the list is, if not beside the script. The first element on the page decides for all.' },
}

export const EVENTS = {
  'bigkey-load': { text: 'A page of tasks arrived.', detail: 'BigkeyLoadDetail' },
  'bigkey-error': { text: 'A page did not arrive, or the element could not start, go on, or load something on demand.', detail: 'BigkeyErrorDetail' },
  'bigkey-query-change': { text: 'A person turned the page, filtered, or changed the page size.', detail: 'BigkeyQueryChangeDetail' },
  'bigkey-task-select': { text: 'A person opened a task. Cancelable: after `preventDefault()` the element does not show it itself.', detail: 'BigkeyTaskDetail' },
  'bigkey-task-finish': { text: 'A task that was seen waiting or running has succeeded or failed. It has to be in the list still: under a filter that it leaves with its end, nothing is told.', detail: 'BigkeyTaskDetail' },
}

export const METHODS = {
  refresh: { signature: '(): Promise<void>', text: 'Asks for the page on show again. Fulfilled when it is there, rejected when it failed. Without both IDs it waits for them.' },
  exportTasks: { signature: "(options: { format: 'csv' | 'json', scope: 'page' | 'all' }): Promise<Blob>", text: 'The tasks as a file: those on the page, or all that pass the filter.' },
}

export const PARTS = {
  app: 'everything inside the element',
  badge: 'the status of a task',
  button: 'every button but the task IDs',
  cell: 'a cell of a task',
  chart: 'the part that opens to the durations over time',
  dialog: 'every dialog: a task in full, the export, the view options and the like',
  empty: 'what stands in place of rows when there are none',
  form: 'the form for the two IDs',
  head: 'the row of column headers',
  notice: 'a message: an error, a warning, a failed start',
  pagination: 'the page buttons',
  row: 'a task',
  select: 'every choice: status, time zone, auto-refresh, rows per page',
  table: 'the table',
  summary: 'The line above the table: what runs, what ended last, how long it usually takes.',
  toolbar: 'the controls above the table',
}

/** By the part of the name after `--bigkey-`. */
export const TOKENS = {
  font: 'font, as the shorthand',
  'font-size': 'size of the text; all else follows it',
  'font-mono': 'font family of IDs',
  text: 'text',
  'text-muted': 'labels and other secondary text',
  surface: 'background of controls, dialogs and messages',
  'surface-raised': 'background of the column headers, and of what the pointer is over',
  line: 'lines between rows',
  'control-line': 'frames of buttons and choices',
  accent: 'links, focus rings, the current page',
  'on-accent': 'text on the accent',
  waiting: 'badge of waiting tasks',
  running: 'badge of running tasks',
  success: 'badge of successful tasks',
  failed: 'badge of failed tasks, and errors',
  warning: 'warnings',
  radius: 'rounding of corners',
  space: 'the unit of all distances',
  'row-height': 'height of a row',
}

/** Properties of the types that are not described where they are declared. */
export const FIELDS = {
  projectId: 'The project.', instanceId: 'The instance.', status: 'The filter in force; empty for all.', offset: 'Tasks before the first one.',
  limit: 'Tasks on a page.', query: 'What was asked for.', count: 'Tasks in total, as the service says; null if it does not.',
  records: 'The tasks, in the order of the answer.', kind: 'What kind of failure.', errorCode: 'The service’s error code, or why the element could not start.',
  errorMsg: 'The message that came with it.', requestId: 'By which the operators of the service find the call.', task: 'The task.',
}
/** The same, where one name means different things. */
export const FIELDS_OF = { ErrorDetail: { query: 'What was asked for; null when the element itself failed.', status: 'The HTTP status, if there was an answer.' } }
