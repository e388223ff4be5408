//! Somebody who asks the server for something, and what they are answered.

use contract::{Dub, Phase, Problem, routes};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{TestApp, eventually};

#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) cookie: Option<String>,
}

impl Visitor {
    /// A request as our own page sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base)).header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub(crate) async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        Answer::to(self.request(Method::GET, path).header(name, value)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.request(Method::POST, path).json(body)).await
    }

    /// Asks for a dub that must be accepted.
    pub(crate) async fn ask(&self, wish: &Value) -> Dub {
        let answer = self.post(routes::DUBS, wish).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn dub(&self, id: &str) -> Dub {
        self.get(&routes::dub(id)).await.json()
    }

    /// Waits until a dub moves no more.
    pub(crate) async fn rest(&self, id: &str) -> Dub {
        self.until(id, |dub| !dub.phase.is_moving()).await
    }

    pub(crate) async fn until(&self, id: &str, is_reached: impl Fn(&Dub) -> bool) -> Dub {
        eventually(async || Some(self.dub(id).await).filter(&is_reached)).await
    }

    /// A dub that was made.
    pub(crate) async fn made(&self, app: &TestApp, label: &str) -> Dub {
        let mut wish = app.wish("");
        wish["label"] = label.into();
        let dub = self.rest(&self.ask(&wish).await.id.0).await;
        assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
        dub
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The problem it is, in the shape that every problem has.
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.request_id, self.header(routes::REQUEST_ID));
        assert!(!problem.request_id.is_empty());
        problem
    }

    /// The refused fields, in order.
    pub(crate) fn refused(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{}", self.text());
        self.problem().errors.into_iter().map(|error| error.field).collect()
    }
}
