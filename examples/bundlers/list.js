const list = document.createElement('bigkey-tasks')
Object.assign(list, { projectId: 'a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71', instanceId: '5560df16-cebf-4473-95c4-d1b573c16e79', refresh: 'off' })
document.body.append(list)
