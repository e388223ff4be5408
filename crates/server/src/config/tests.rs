use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "k-123";

fn read(args: &[&str], key: Option<&str>) -> Result<Config, String> {
    let args =
        Args::try_parse_from(["redub-server"].iter().chain(args)).map_err(|error| one_line(&error.to_string()))?;
    Config::new(args, key.map(Into::into)).map_err(|error| error.to_string())
}

#[test]
fn a_key_is_all_that_a_live_server_needs() {
    let config = read(&[], Some("  k-123\n")).unwrap();
    assert_eq!(config.provider.mode, Mode::Live);
    assert_eq!(config.provider.base_url.as_str(), "https://api.eachlabs.ai/v1");
    assert_eq!(config.provider.key.expose_secret(), KEY);
    assert_eq!(config.results.hosts, ["eachlabs.ai", "*.eachlabs.ai", "storage.googleapis.com"]);
    assert!(!format!("{config:?}").contains(KEY));
}

#[test]
fn a_sandbox_needs_no_key_and_takes_a_simulator_on_this_machine() {
    let local = ["--mode", "sandbox", "--provider-url", "http://127.0.0.1:9000/v1"];
    assert_eq!(read(&local, None).unwrap().provider.key.expose_secret(), SANDBOX_KEY);
}

#[test]
fn a_missing_or_wrong_value_is_named_in_one_line() {
    let cases: &[(&[&str], Option<&str>, &str)] = &[
        (&[], None, KEY_VARIABLE),
        (&[], Some(" "), KEY_VARIABLE),
        (&[], Some("k\u{1}ey"), KEY_VARIABLE),
        (&["--listen", "here"], Some(KEY), "--listen"),
        (&["--mode", "test"], Some(KEY), "--mode"),
        (&["--provider-url", "api"], Some(KEY), "--provider-url"),
        (&["--provider-url", "http://127.0.0.1/v1"], Some(KEY), "--provider-url"),
        (&["--mode", "sandbox", "--provider-url", "http://example.com/v1"], None, "--provider-url"),
        (&["--mode", "sandbox", "--provider-url", "https://example.com/v1"], Some(KEY), "--provider-url"),
        (&["--mode", "sandbox"], Some(KEY), "--provider-url"),
        (&["--provider-url", "https://user@example.com/v1"], Some(KEY), "--provider-url"),
        (&["--sample-url", "http://127.0.0.1:1/"], Some(KEY), "--sample-url"),
        (&["--public-url", "https://example.com/redub"], Some(KEY), "--public-url"),
        (&["--result-hosts", "https://example.com"], Some(KEY), "--result-hosts"),
        (&["--result-hosts", ""], Some(KEY), "--result-hosts"),
        (&["--estimate-seconds", "0"], Some(KEY), "--estimate-seconds"),
        (&["--price-per-second-usd=-1"], Some(KEY), "--price-per-second-usd"),
        (&["--brand", " "], Some(KEY), "--brand"),
        (&["--max-connections", "0"], Some(KEY), "--max-connections"),
        (&["--log-filter", "redub=loud"], Some(KEY), "--log-filter"),
        (&["--eachlabs-api-key", "k"], None, "--eachlabs-api-key"),
    ];
    for (args, key, name) in cases {
        let error = read(args, *key).err().unwrap_or_else(|| panic!("{args:?} must be refused"));
        assert!(error.contains(name), "{args:?}: {error}");
        assert!(!error.contains('\n'), "{args:?}: {error}");
    }
}
