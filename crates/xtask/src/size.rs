//! `cargo xtask size`: what a first visit transfers, as the server sends it to a browser that takes brotli; and beside it the
//! workbench, which only some visits need.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process;

use crate::args::Args;
use crate::build::{self, Profile};
use crate::console;
use crate::failure;
use crate::failure::{At, Outcome};
use crate::{http, servers};

/// What HTML, CSS, JS and wasm may weigh together, in bytes (1 kB is 1000). The one place for this number.
const BUDGET_BYTES: usize = 145_000;

/// What the workbench consists of.
const WORKBENCH: [&str; 8] = [
    "/workbench-start.js",
    "/workbench.js",
    "/workbench_bg.wasm",
    "/workbench/dialog.css",
    "/workbench/recorder.css",
    "/workbench/mask.css",
    "/workbench/preview.css",
    "/recorder-tap.js",
];

/// The kinds that count, by the end of a link. Pictures and icons do not: they block nothing.
const KINDS: [(&str, &str); 4] = [("HTML", ""), ("CSS", ".css"), ("JS", ".js"), ("wasm", ".wasm")];

/// Builds what is to be weighed, and weighs it.
pub(crate) fn run(mut args: Args) -> Outcome {
    let as_json = args.switch("--json");
    args.end()?;
    build::set_up()?;
    build::page()?;
    weigh(&build::programs(Profile::Dev)?.server, as_json)
}

/// Weighs the page inside this server.
pub(crate) fn weigh(program: &Path, as_json: bool) -> Outcome {
    let data = env::temp_dir().join(format!("redub-size-{}", process::id()));
    let weights = both(program, &data);
    let _ = fs::remove_dir_all(&data);
    let (weights, workbench) = weights?;
    let together: usize = weights.iter().sum();
    if as_json {
        let fields: Vec<_> = KINDS
            .iter()
            .zip(weights)
            .map(|((kind, _), bytes)| format!("\"{}\": {bytes}", kind.to_lowercase()))
            .collect();
        console::say(format_args!(
            "{{{}, \"together\": {together}, \"budget\": {BUDGET_BYTES}, \"workbench\": {workbench}}}",
            fields.join(", ")
        ));
    } else {
        for ((kind, _), bytes) in KINDS.iter().zip(weights) {
            console::say(row(kind, bytes));
        }
        console::say(row("together", together));
        console::say(row("budget", BUDGET_BYTES));
        console::say(format_args!("{}, loaded only when it is needed", row("workbench", workbench)));
    }
    if together > BUDGET_BYTES {
        return Err(failure!("A first visit is {} bytes over its budget.", together - BUDGET_BYTES));
    }
    Ok(())
}

fn row(name: &str, bytes: usize) -> String {
    format!("{name:<10}{:>6}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

/// Of a first visit by kind, and of the workbench.
fn both(program: &Path, data: &Path) -> Outcome<([usize; 4], usize)> {
    fs::create_dir_all(data).at(data.display())?;
    let port = servers::free_port()?;
    // Nothing is dubbed, so the provider may be nowhere.
    let settings =
        [("REDUB_MODE", "sandbox"), ("EACHLABS_API_KEY", "sandbox"), ("REDUB_PROVIDER_URL", "http://127.0.0.1:9/v1")]
            .map(|(name, value)| (name, value.to_owned()));
    let _server = servers::server(program, port, data, &settings)?;
    let address = servers::loopback(port);
    let weights = first_visit(address)?;
    let workbench: Outcome<Vec<usize>> = WORKBENCH.iter().map(|path| transferred(address, path)).collect();
    Ok((weights, workbench?.iter().sum()))
}

fn first_visit(address: SocketAddr) -> Outcome<[usize; 4]> {
    let html = text(address, "/")?;
    let mut weights = [transferred(address, "/")?, 0, 0, 0];
    let mut open: Vec<String> = links(&html).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(link) = open.pop() {
        let Some(kind) = KINDS.iter().rposition(|(_, end)| link.ends_with(end)) else { continue };
        if !seen.insert(link.clone()) {
            continue;
        }
        weights[kind] += transferred(address, &link)?;
        if KINDS[kind].0 == "JS" {
            // The script that starts the wasm may import others, and names them from where it is.
            let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
            let imports = imports(&text(address, &link)?);
            open.extend(imports.iter().map(|name| format!("{folder}/{name}")));
        }
    }
    match weights.iter().position(|bytes| *bytes == 0) {
        Some(kind) => Err(failure!("The page links to no {} at all: was it built?", KINDS[kind].0)),
        None => Ok(weights),
    }
}

/// Every word of a page that looks like a path to a file that counts. A minified page has its attributes without quotes.
fn links(page: &str) -> BTreeSet<String> {
    let is_between = |c: char| c.is_whitespace() || "\"'`=<>".contains(c);
    page.split(is_between)
        .filter(|word| KINDS.iter().skip(1).any(|(_, end)| word.ends_with(end)))
        .filter(|word| word.starts_with('/'))
        .map(str::to_owned)
        .collect()
}

/// Every script next to this one that it imports when it is loaded. Other quoted names, such as those of the modules
/// that the wasm's own table of imports knows, are not transferred.
fn imports(script: &str) -> BTreeSet<String> {
    let quoted: Vec<&str> = script.split(['"', '\'']).collect();
    quoted
        .windows(2)
        .filter(|pair| ["from", "import"].iter().any(|word| pair[0].trim_end().ends_with(word)))
        .filter_map(|pair| pair[1].strip_prefix("./"))
        .map(str::to_owned)
        .collect()
}

fn text(server: SocketAddr, path: &str) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&http::get(server, path, "identity")?.body).into_owned())
}

fn transferred(server: SocketAddr, path: &str) -> Outcome<usize> {
    let answer = http::get(server, path, "br")?;
    if answer.status != 200 {
        return Err(failure!("The page needs {path}, which answers {}.", answer.status));
    }
    if answer.encoding != "br" {
        console::say(format_args!("{path} is sent without brotli."));
    }
    Ok(answer.body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_a_page_are_found_however_they_are_quoted() {
        let page = r#"<link href="/app-1.css"><link rel=stylesheet href=/bar-2.css><link rel="modulepreload" href="/redub-2.js"><img src="/icon.svg">
            <script>import init from '/redub-2.js'; init({ module_or_path: '/redub-2_bg.wasm' }); "not a link.js"</script>"#;
        assert_eq!(Vec::from_iter(links(page)), ["/app-1.css", "/bar-2.css", "/redub-2.js", "/redub-2_bg.wasm"]);
    }

    #[test]
    fn a_script_needs_what_it_imports_and_not_every_name_it_knows() {
        let script = r#"import { play } from './snippets/play.js'; import "./side.js"; import{a}from"./b.js";
            const table = { "./redub_bg.js": import0 }; const far = "https://elsewhere.example/c.js";"#;
        assert_eq!(Vec::from_iter(imports(script)), ["b.js", "side.js", "snippets/play.js"]);
    }

    #[test]
    fn a_weight_is_told_in_kilobytes_of_a_thousand() {
        assert_eq!(row("wasm", 123_456), "wasm         123.4 kB");
    }
}
