//! A TCP proxy that breaks what a network can break, on connections whose request begins as its rule says.
//!
//! It knows of HTTP only where a request ends, by its `Content-Length`: so a fault falls between request and answer, where
//! money is at stake, and not somewhere.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
    time::sleep,
};

/// How much is read at once.
const PIECE: usize = 16 * 1024;

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request is passed on after so long.
    Delay(Duration),
    /// So many bytes of the request are passed on, then both sides are hung up on.
    CutRequest(usize),
    /// The request is read, not passed on, and the client gets a reset.
    Reset,
    /// The request is passed on whole; so many bytes of the answer come back, then the client is hung up on.
    CutAnswer(usize),
    /// The request is passed on whole and answered; the client is hung up on instead.
    DropAnswer,
    /// The request is read whole and told of ([`Proxy::held`]), and passed on once [`Proxy::release`] says so, whether the
    /// client still lives or not. The answer is dropped.
    Hold,
}

/// On which connections which fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How their first request begins: `POST /v1/prediction`, or nothing for all.
    pub begins: &'static str,
    /// What happens to them.
    pub fault: Fault,
}

#[derive(Debug)]
struct Shared {
    target: Mutex<Option<SocketAddr>>,
    rule: Mutex<Option<Rule>>,
    held: Semaphore,
    released: Semaphore,
}

/// A proxy on a free port, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of `target`, or of nobody yet, without a rule.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(target: impl Into<Option<SocketAddr>>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (held, released) = (Semaphore::new(0), Semaphore::new(0));
        let (target, rule) = (Mutex::new(target.into()), Mutex::new(None));
        let shared = Arc::new(Shared { target, rule, held, released });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, accepting })
    }

    /// Sets the rule for connections whose first request comes from now on.
    pub fn set(&self, rule: Option<Rule>) {
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner) = rule;
    }

    /// Stands in front of `target` from now on, for connections that are still to come.
    pub fn aim(&self, target: SocketAddr) {
        *self.shared.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
    }

    /// Waits until a request is held.
    pub async fn held(&self) {
        if let Ok(permit) = self.shared.held.acquire().await {
            permit.forget();
        }
    }

    /// Passes a held request on.
    pub fn release(&self) {
        self.shared.released.add_permits(1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        let shared = Arc::clone(&shared);
        // Either side may hang up at any time: that is what this is for.
        tokio::spawn(async move { drop(pass(client, &shared).await) });
    }
}

async fn pass(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let request = read_request(&mut client).await?;
    let rule = *shared.rule.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = rule.filter(|rule| request.starts_with(rule.begins.as_bytes())).map(|rule| rule.fault);
    match fault {
        Some(Fault::Reset) => return client.set_zero_linger(),
        Some(Fault::Delay(pause)) => sleep(pause).await,
        Some(Fault::Hold) => {
            shared.held.add_permits(1);
            if let Ok(permit) = shared.released.acquire().await {
                permit.forget();
            }
        }
        _ => {}
    }
    let target = *shared.target.lock().unwrap_or_else(PoisonError::into_inner);
    let mut server = TcpStream::connect(target.ok_or(io::ErrorKind::NotConnected)?).await?;
    let length = if let Some(Fault::CutRequest(length)) = fault { length.min(request.len()) } else { request.len() };
    server.write_all(&request[..length]).await?;
    match fault {
        Some(Fault::CutRequest(_)) => Ok(()),
        Some(Fault::CutAnswer(length)) => {
            let mut answer = vec![0; length];
            server.read_exact(&mut answer).await?;
            client.write_all(&answer).await
        }
        Some(Fault::DropAnswer | Fault::Hold) => server.read(&mut vec![0; PIECE]).await.map(drop),
        None | Some(Fault::Delay(_) | Fault::Reset) => copy_bidirectional(&mut client, &mut server).await.map(drop),
    }
}

/// The first request of a connection: its head, and as much body as it announces.
async fn read_request(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut request, mut piece) = (Vec::new(), vec![0; PIECE]);
    while !is_whole(&request) {
        let read = client.read(&mut piece).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.extend_from_slice(&piece[..read]);
    }
    Ok(request)
}

fn is_whole(request: &[u8]) -> bool {
    const HEAD_END: &[u8] = b"\r\n\r\n";
    let Some(head) = request.windows(HEAD_END.len()).position(|bytes| bytes == HEAD_END) else { return false };
    let length = String::from_utf8_lossy(&request[..head]).lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    request.len() >= head + HEAD_END.len() + length.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = b"POST /v1/prediction/ HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";

    #[test]
    fn a_request_is_whole_with_its_body() {
        assert!(is_whole(REQUEST));
        assert!(!is_whole(&REQUEST[..REQUEST.len() - 1]));
        assert!(is_whole(b"GET / HTTP/1.1\r\n\r\n"));
        assert!(!is_whole(b"GET / HTTP/1.1\r\n"));
    }

    /// A server that answers one connection with what it was sent, and tells it.
    async fn echo() -> (SocketAddr, JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut got = vec![0; PIECE];
            let length = stream.read(&mut got).await.unwrap();
            got.truncate(length);
            let _ = stream.write_all(&got).await;
            got
        });
        (address, served)
    }

    /// What came back, and what the server got if it got anything.
    async fn through(fault: Fault) -> (io::Result<Vec<u8>>, Option<Vec<u8>>) {
        let (target, served) = echo().await;
        let proxy = Proxy::start(target).await.unwrap();
        proxy.set(Some(Rule { begins: "POST", fault }));
        proxy.release();
        let mut client = TcpStream::connect(proxy.address).await.unwrap();
        client.write_all(REQUEST).await.unwrap();
        let mut back = Vec::new();
        let back = client.read_to_end(&mut back).await.map(|_| back);
        if fault == Fault::Reset {
            served.abort();
        }
        (back, served.await.ok())
    }

    #[tokio::test]
    async fn each_fault_breaks_what_it_says() {
        let whole = Some(REQUEST.to_vec());
        let (back, got) = through(Fault::Delay(Duration::from_millis(1))).await;
        assert_eq!((back.unwrap(), got), (REQUEST.to_vec(), whole.clone()));
        let (back, got) = through(Fault::CutRequest(7)).await;
        assert_eq!((back.unwrap_or_default(), got), (Vec::new(), Some(REQUEST[..7].to_vec())));
        let (back, got) = through(Fault::CutAnswer(5)).await;
        assert_eq!((back.unwrap(), got), (REQUEST[..5].to_vec(), whole.clone()));
        for fault in [Fault::DropAnswer, Fault::Hold] {
            let (back, got) = through(fault).await;
            assert_eq!((back.unwrap(), got), (Vec::new(), whole.clone()));
        }
        let (back, got) = through(Fault::Reset).await;
        assert_eq!((back.unwrap_err().kind(), got), (io::ErrorKind::ConnectionReset, None));
    }

    #[tokio::test]
    async fn what_the_rule_does_not_mean_passes() {
        let (target, served) = echo().await;
        let proxy = Proxy::start(target).await.unwrap();
        proxy.set(Some(Rule { begins: "GET", fault: Fault::Reset }));
        let mut client = TcpStream::connect(proxy.address).await.unwrap();
        client.write_all(REQUEST).await.unwrap();
        let mut back = vec![0; REQUEST.len()];
        client.read_exact(&mut back).await.unwrap();
        assert_eq!((back, served.await.unwrap()), (REQUEST.to_vec(), REQUEST.to_vec()));
    }
}
