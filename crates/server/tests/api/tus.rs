//! Uploading as a tus client does, a request at a time.

use axum::body::Bytes;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use contract::{
    routes,
    upload::{OFFSET_OCTET_STREAM, TUS_VERSION},
};
use reqwest::{Body, Method, RequestBuilder};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::helpers::{Answer, TestApp, Visitor, eventually};

/// An MP4 of two seconds with a picture and sound.
pub(crate) const VIDEO: &[u8] = include_bytes!("../../../provider-sim/sample/presenter.mp4");
/// A voice as MP3.
pub(crate) const VOICE: &[u8] = include_bytes!("../../../provider-sim/sample/greeting_es.mp3");

/// `Upload-Metadata` with these two.
pub(crate) fn metadata(kind: &str, file_name: &str) -> String {
    format!("kind {},filename {}", BASE64_STANDARD.encode(kind), BASE64_STANDARD.encode(file_name))
}

impl Visitor {
    /// A request of tus's.
    pub(crate) fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("tus-resumable", TUS_VERSION)
    }

    /// A creation.
    pub(crate) async fn begin_with(&self, length: u64, metadata: &str) -> Answer {
        let request = self.tus(Method::POST, routes::UPLOADS).header("upload-length", length);
        Answer::to(request.header("upload-metadata", metadata)).await
    }

    /// Begins an upload that must be taken, and gives its path.
    pub(crate) async fn begin(&self, kind: &str, file_name: &str, length: usize) -> String {
        let answer = self.begin_with(length as u64, &metadata(kind, file_name)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("location").to_owned()
    }

    pub(crate) fn patch_request(&self, path: &str, offset: usize, body: impl Into<Body>) -> RequestBuilder {
        let request = self.tus(Method::PATCH, path).header("content-type", OFFSET_OCTET_STREAM);
        request.header("upload-offset", offset).body(body)
    }

    pub(crate) async fn patch(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        Answer::to(self.patch_request(path, offset, bytes.to_vec())).await
    }

    /// As [`patch`](Self::patch), in chunks and without saying how many bytes there are.
    pub(crate) async fn patch_chunked(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let chunks: Vec<_> = bytes.chunks(777).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
        let body = Body::wrap_stream(futures_util::stream::iter(chunks));
        Answer::to(self.patch_request(path, offset, body)).await
    }

    /// Sends the head of a request of tus's, with these headers too, and leaves the connection open.
    pub(crate) async fn open(&self, method: Method, path: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.base.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\nTus-Resumable: {TUS_VERSION}\r\n\
             Cookie: {}\r\n{headers}\r\n\r\n",
            self.cookie.as_deref().unwrap(),
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    /// Sends the head of a `PATCH` with a body up to `end` and some of its bytes, and leaves the connection open once
    /// these have arrived.
    pub(crate) async fn open_patch(&self, path: &str, offset: usize, end: usize, bytes: &[u8]) -> TcpStream {
        let headers = format!(
            "Content-Type: {OFFSET_OCTET_STREAM}\r\nUpload-Offset: {offset}\r\nContent-Length: {}",
            end - offset
        );
        let mut stream = self.open(Method::PATCH, path, &headers).await;
        stream.write_all(bytes).await.unwrap();
        eventually(async || (self.offset(path).await == offset + bytes.len()).then_some(())).await;
        stream
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        Answer::to(self.tus(Method::HEAD, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::to(self.tus(Method::DELETE, path)).await
    }

    /// How many bytes the server says it has.
    pub(crate) async fn offset(&self, path: &str) -> usize {
        let answer = self.head(path).await;
        assert_eq!(answer.status, 200);
        answer.header("upload-offset").parse().unwrap()
    }

    /// Uploads all of it in one go; gives the upload's path.
    pub(crate) async fn upload(&self, kind: &str, file_name: &str, bytes: &[u8]) -> String {
        let path = self.begin(kind, file_name, bytes.len()).await;
        let answer = self.patch(&path, 0, bytes).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        path
    }

    /// Sends a whole file that must be refused at some point, and gives the refusal.
    pub(crate) async fn refused(&self, kind: &str, file_name: &str, bytes: &[u8]) -> Answer {
        let path = self.begin(kind, file_name, bytes.len()).await;
        let answer = self.patch(&path, 0, bytes).await;
        assert_eq!(self.head(&path).await.status, 404, "{}", answer.text());
        answer
    }
}

/// The id in an upload's path.
pub(crate) fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

impl TestApp {
    /// Every file of uploads on the server's disk, arriving or whole, with its bytes.
    pub(crate) fn upload_files(&self) -> Vec<(String, Bytes)> {
        let folders = ["arriving-uploads", "uploads"].map(|name| self.config.data.join(name));
        let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten());
        let file = |path: std::path::PathBuf| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap().into())
        };
        entries.map(|entry| file(entry.unwrap().path())).collect()
    }
}
