//! One connection to the service. It is driven by the task that asks: a task of its own would be woken for every call.

use super::refusal::Refusal;
use bytes::{Bytes, BytesMut};
use futures_util::task::AtomicWaker;
use http_body_util::Empty;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper::rt::{Read, Write};
use hyper::{Request, Response};
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A request for the service.
pub type Ask = Request<Empty<Bytes>>;

/// A connection that carries one call after the other. Dropped in the middle of one, it is closed.
pub struct Line<I: Read + Write + Unpin> {
    sender: SendRequest<Empty<Bytes>>,
    /// `None` once it has ended. In a box, because it is large, and lines are handed around.
    connection: Option<Box<Connection<I, Empty<Bytes>>>>,
    bell: Arc<Bell>,
    /// Rings the bell.
    waker: Waker,
}

/// What wakes the task that waits for a line, and nobody while none does: neither what happens on an idle connection, nor
/// what a task brings about itself while it has its turn. Each of these would cost a turn in which there is nothing to do.
#[derive(Debug, Default)]
struct Bell {
    rung: AtomicBool,
    /// Whom to wake: set only while it waits.
    task: AtomicWaker,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// The connection had ended before anything was written: here is the request, for another one.
    Unsent(Box<Ask>),
    /// The request is or may be under way, and no answer comes.
    Broken(hyper::Error),
}

impl<I: Read + Write + Unpin> fmt::Debug for Line<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("ended", &self.connection.is_none()).finish_non_exhaustive()
    }
}

impl<I: Read + Write + Unpin + Send> Line<I> {
    /// Speaks HTTP/1.1 on this stream.
    ///
    /// # Errors
    /// As hyper has them.
    pub async fn new(stream: I) -> hyper::Result<Self> {
        let (sender, connection) = handshake(stream).await?;
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        Ok(Self { sender, connection: Some(Box::new(connection)), bell, waker })
    }

    /// Sends a request and waits for the head of its answer. The body has to be read from this line.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn ask(&mut self, request: Ask) -> Result<Response<Incoming>, Unanswered> {
        let mut answer = pin!(self.sender.try_send_request(request));
        self.drive(|context| answer.as_mut().poll(context)).await.map_err(|mut error| match error.take_message() {
            Some(request) => Unanswered::Unsent(Box::new(request)),
            None => Unanswered::Broken(error.into_error()),
        })
    }

    /// Reads a body to its end.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] if it has more than this many bytes, [`Refusal::Broken`] if it breaks off.
    pub async fn read(&mut self, mut body: Incoming, most: usize) -> Result<Bytes, Refusal> {
        if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
            return Err(Refusal::TooLarge);
        }
        let length = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
        let mut whole = Pieces { expected: length.unwrap_or_default(), ..Pieces::default() };
        while let Some(frame) = self.drive(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|error| {
                tracing::debug!(%error, "an answer of the service broke off");
                Refusal::Broken
            })?;
            // What is no data is a trailer, which nobody asked for.
            let Ok(piece) = frame.into_data() else { continue };
            if whole.length() + piece.len() > most {
                return Err(Refusal::TooLarge);
            }
            whole.push(piece);
        }
        Ok(whole.into_bytes())
    }

    /// Whether another call can be made, as far as is known: that the service closed the connection may show only when it
    /// is used.
    pub fn is_free(&mut self) -> bool {
        if !self.sender.is_ready() {
            self.advance();
        }
        self.connection.is_some() && self.sender.is_ready()
    }

    /// Whether another call can be made, after a look at the connection.
    pub fn is_alive(&mut self) -> bool {
        self.advance();
        self.is_free()
    }

    /// Lets the connection work until this has an outcome. What the connection hands over lies ready when its turn is
    /// over.
    async fn drive<T>(&mut self, mut outcome: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
        poll_fn(|context| {
            let waker = self.waker.clone();
            let mut inner = Context::from_waker(&waker);
            self.bell.expect_nothing();
            if let Poll::Ready(value) = outcome(&mut inner) {
                return Poll::Ready(value);
            }
            self.bell.forget();
            self.advance();
            if let Poll::Ready(value) = outcome(&mut inner) {
                return Poll::Ready(value);
            }
            self.bell.wake_when_rung(context.waker());
            Poll::Pending
        })
        .await
    }

    /// Gives the connection a turn. One that has ended is let go, which tells those who wait for something from it.
    fn advance(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if let Poll::Ready(end) = Pin::new(connection).poll(&mut Context::from_waker(&self.waker)) {
            if let Err(error) = end {
                tracing::debug!(%error, "a connection to the service ended badly");
            }
            self.connection = None;
        }
    }
}

impl Bell {
    /// From now on nobody waits.
    fn expect_nothing(&self) {
        drop(self.task.take());
    }

    /// What rang until now will be seen to.
    fn forget(&self) {
        self.rung.store(false, Ordering::SeqCst);
    }

    /// Wakes this task when it rings, or at once if it has rung since [`Bell::forget`].
    fn wake_when_rung(&self, task: &Waker) {
        self.task.register(task);
        if self.rung.load(Ordering::SeqCst) {
            task.wake_by_ref();
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        self.task.wake();
    }
}

/// A body as it comes: most come in one piece, which is not copied.
#[derive(Default)]
struct Pieces {
    /// How long all will be, if that is known: room that is made at once is not moved and not too much.
    expected: usize,
    first: Bytes,
    all: BytesMut,
}

impl Pieces {
    fn length(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, piece: Bytes) {
        if self.length() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(self.expected);
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;
    use hyper_util::rt::TokioIo;
    use std::io;
    use std::sync::atomic::AtomicUsize;
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};

    type Pipe = TokioIo<DuplexStream>;

    async fn line() -> (Line<Pipe>, DuplexStream) {
        let (near, far) = duplex(64 * 1024);
        (Line::new(TokioIo::new(near)).await.unwrap(), far)
    }

    fn request() -> Ask {
        Request::get("/x").header("host", "h").body(Empty::new()).unwrap()
    }

    /// Reads one request and answers it with these bytes.
    async fn serve(far: &mut DuplexStream, answer: &str) {
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n") {
            seen.push(far.read_u8().await.unwrap());
        }
        far.write_all(answer.as_bytes()).await.unwrap();
    }

    async fn ask(line: &mut Line<Pipe>, most: usize) -> Result<Bytes, Refusal> {
        let response = line.ask(request()).await.map_err(|_| Refusal::Unreachable)?;
        line.read(response.into_body(), most).await
    }

    const SHORT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    #[tokio::test]
    async fn one_call_after_the_other_and_bodies_of_many_pieces() {
        let (mut line, mut far) = line().await;
        let pieces = (0..100).map(|piece| format!("a\r\npiece {piece:03}\n\r\n")).collect::<Vec<_>>().concat();
        let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{pieces}0\r\nX-Trailer: x\r\n\r\n");
        let whole = (0..100).map(|piece| format!("piece {piece:03}\n")).collect::<Vec<_>>().concat();
        for (answer, body) in [(SHORT, "{}"), (&chunked, &whole), (SHORT, "{}"), ("HTTP/1.1 204 No\r\n\r\n", "")] {
            let (got, ()) = tokio::join!(ask(&mut line, 1000), serve(&mut far, answer));
            assert_eq!(got.unwrap(), body);
            assert!(line.is_free());
        }
        let (got, ()) = tokio::join!(ask(&mut line, 999), serve(&mut far, &chunked));
        assert_eq!(got, Err(Refusal::TooLarge));
    }

    #[tokio::test]
    async fn a_request_on_a_connection_that_ended_comes_back() {
        let (mut line, mut far) = line().await;
        tokio::join!(ask(&mut line, 2), serve(&mut far, SHORT)).0.unwrap();
        assert!(line.is_free());
        drop(far);
        let Err(Unanswered::Unsent(unsent)) = line.ask(request()).await else { panic!("it was not sent") };
        assert_eq!((unsent.uri().path(), unsent.headers().len()), ("/x", 1));
        assert!(!line.is_free());
    }

    #[tokio::test]
    async fn a_request_that_was_sent_does_not_come_back() {
        for (answer, broken) in [("", true), ("HTTP/1.1 200 OK\r\nContent-", true), (&SHORT[..39], false)] {
            let (mut line, mut far) = line().await;
            let service = async {
                serve(&mut far, answer).await;
                drop(far);
            };
            let (got, ()) = tokio::join!(line.ask(request()), service);
            match got {
                Err(Unanswered::Broken(_)) => assert!(broken, "{answer:?}"),
                Ok(response) => assert_eq!(line.read(response.into_body(), 2).await, Err(Refusal::Broken)),
                Err(Unanswered::Unsent(_)) => panic!("{answer:?}"),
            }
            assert!(!line.is_free());
        }
    }

    #[tokio::test]
    async fn what_the_service_says_unasked_ends_the_connection() {
        for answer in [SHORT.repeat(2), SHORT.replace("OK", "OK\r\nConnection: close")] {
            let (mut line, mut far) = line().await;
            tokio::join!(ask(&mut line, 2), serve(&mut far, &answer)).0.unwrap();
            assert!(!line.is_free(), "{answer}");
        }
    }

    /// A stream that wants to be asked twice: at first it wakes whoever asks, at once, and has nothing.
    struct Hesitant {
        inner: DuplexStream,
        asked: bool,
    }

    impl AsyncRead for Hesitant {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            self.asked = !self.asked;
            if self.asked {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Pin::new(&mut self.inner).poll_read(context, buffer)
        }
    }

    impl AsyncWrite for Hesitant {
        fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.inner).poll_write(context, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.inner).poll_flush(context)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.inner).poll_shutdown(context)
        }
    }

    #[tokio::test]
    async fn what_rings_during_a_turn_is_not_missed() {
        let (near, mut far) = duplex(1024);
        let mut line = Line::new(TokioIo::new(Hesitant { inner: near, asked: false })).await.unwrap();
        for _ in 0..3 {
            let call = async {
                let response = line.ask(request()).await.unwrap();
                line.read(response.into_body(), 2).await
            };
            let (got, ()) = tokio::join!(call, serve(&mut far, SHORT));
            assert_eq!(got.unwrap(), "{}");
        }
    }

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn an_idle_connection_wakes_nobody() {
        let (mut line, mut far) = line().await;
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut context = Context::from_waker(&waker);
        {
            let mut call = pin!(ask(&mut line, 2));
            assert!(call.as_mut().poll(&mut context).is_pending());
            serve(&mut far, SHORT).await;
            assert_eq!(count.0.load(Ordering::Relaxed), 1);
            assert!(call.as_mut().poll(&mut context).is_ready());
        }
        assert_eq!(count.0.load(Ordering::Relaxed), 1, "it does not wake itself");
        assert!(line.is_alive());
        drop(far);
        assert_eq!(count.0.load(Ordering::Relaxed), 1, "nobody waits for it");
        assert!(!line.is_alive());
    }
}
