// All that a page without a framework needs: listen where the element is, or anywhere above it.
document.addEventListener('bigkey-load', (event) => {
  const { count, records } = event.detail
  document.querySelector('#summary').textContent = `${records.length} of ${count} tasks`
})
