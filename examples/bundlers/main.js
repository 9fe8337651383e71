import 'bigkey-tasks'
import './list.js'
