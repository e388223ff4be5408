//! The page's own addresses: parsed and printed here, pushed and popped in `browser::history`.

/// Where the visitor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Where dubs are made.
    Studio,
    /// The visitor's dubs.
    Library,
    /// One dub, by its id.
    Dub(String),
    /// None of these.
    NotFound,
}

impl Route {
    /// The route of a path such as `/dubs/abc`.
    pub fn parse(path: &str) -> Self {
        match path {
            "/" => Self::Studio,
            "/library" => Self::Library,
            _ => match path.strip_prefix("/dubs/") {
                Some(id) if !id.is_empty() && !id.contains('/') => Self::Dub(id.to_owned()),
                _ => Self::NotFound,
            },
        }
    }

    /// The path that [`parse`](Self::parse) reads back.
    pub fn path(&self) -> String {
        match self {
            Self::Studio | Self::NotFound => "/".to_owned(),
            Self::Library => "/library".to_owned(),
            Self::Dub(id) => ["/dubs/", id].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_read_back_as_it_was_printed() {
        for route in [Route::Studio, Route::Library, Route::Dub("a1B-2".into())] {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[test]
    fn the_pages_addresses_are_those_the_server_answers() {
        for path in ["/", "/library", "/dubs/a1", "/dubs/", "/dubs/a/b", "/library/", "/nothing"] {
            assert_eq!(Route::parse(path) != Route::NotFound, contract::routes::is_page(path), "{path}");
        }
    }
}
