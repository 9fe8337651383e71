// ?frame=… is the origin of the proxy that serves the list.
document.querySelector('iframe').src = new URLSearchParams(location.search).get('frame')
