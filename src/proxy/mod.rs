//! The proxy between the page and the service (native, feature `proxy`).
