use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "k-123";

fn read(args: &[&str], key: Option<&str>) -> Result<Config, String> {
    let args =
        Args::try_parse_from(["redub-server"].iter().chain(args)).map_err(|error| one_line(&error.to_string()))?;
    Config::new(args, Secrets { provider_key: key.map(Into::into), s3_key: None }).map_err(|error| error.to_string())
}

const BUCKET: [&str; 6] = ["--storage", "s3", "--s3-bucket", "redub", "--s3-access-key-id", "id"];

fn read_bucket(more: &[&str], s3_key: Option<&str>) -> Result<Config, String> {
    let args = Args::try_parse_from(["redub-server"].iter().chain(&BUCKET).chain(more)).map_err(|e| e.to_string())?;
    let secrets = Secrets { provider_key: Some(KEY.into()), s3_key: s3_key.map(Into::into) };
    Config::new(args, secrets).map_err(|error| error.to_string())
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
        (&["--storage", "tape"], Some(KEY), "--storage"),
        (&["--storage", "s3"], Some(KEY), "--s3-bucket"),
        (&["--storage", "s3", "--s3-bucket", "redub"], Some(KEY), "--s3-access-key-id"),
        (&BUCKET, Some(KEY), S3_SECRET_VARIABLE),
        (&["--s3-bucket", "redub"], Some(KEY), "--s3-bucket"),
        (&["--staging", "mail"], Some(KEY), "--staging"),
        (&["--staging", "s3"], Some(KEY), "--staging"),
        (&["--staging", "public"], Some(KEY), "--public-url"),
        (&["--staging", "public", "--public-url", "http://example.com"], Some(KEY), "--public-url"),
        (&["--staging", "public", "--public-url", "https://127.0.0.1"], Some(KEY), "--public-url"),
        (&["--s3-region", "eu-west-1"], Some(KEY), "--s3-region"),
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
        (&["--upload-max-bytes", "0"], Some(KEY), "--upload-max-bytes"),
        (&["--upload-max-bytes", "9000000000"], Some(KEY), "--upload-max-total-bytes"),
        (&["--upload-max-bytes", "100000001"], Some(KEY), "--upload-max-bytes: what is taken must reach the provider"),
        (&["--keep-results-days", "0"], Some(KEY), "--keep-results-days"),
        (&["--keep-results-days", "36501"], Some(KEY), "--keep-results-days"),
        (&["--keep-uploads-hours", "0"], Some(KEY), "--keep-uploads-hours"),
        (&["--upload-max-files", "0"], Some(KEY), "--upload-max-files"),
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

#[test]
fn files_are_staged_as_told_where_the_provider_can_fetch_them() {
    assert_eq!(read(&[], Some(KEY)).unwrap().staging, StagingWay::Provider);
    let public = ["--staging", "public", "--public-url", "https://redub.example", "--upload-max-bytes", "1000000000"];
    let public = read(&public, Some(KEY)).unwrap();
    assert_eq!(public.staging, StagingWay::Public("https://redub.example".parse().unwrap()));
    assert_eq!(read_bucket(&["--staging", "s3"], Some("s")).unwrap().staging, StagingWay::Bucket);
    let larger = ["--staging", "s3", "--upload-max-bytes", "5368709121", "--upload-max-total-bytes", "9000000000"];
    assert!(read_bucket(&larger, Some("s")).unwrap_err().contains("--upload-max-bytes"));
    let here = ["--staging", "s3", "--s3-endpoint", "http://127.0.0.1:9000"];
    assert!(read_bucket(&here, Some("s")).unwrap_err().contains("--s3-endpoint"));
}

#[test]
fn a_bucket_needs_its_name_and_keys_and_tells_none() {
    let StorageConfig::Bucket(bucket) = read_bucket(&[], Some(" s3cret ")).unwrap().storage else { panic!("a bucket") };
    assert_eq!((bucket.name.as_str(), bucket.region.as_str(), bucket.endpoint), ("redub", "us-east-1", None));
    assert_eq!(bucket.secret_access_key.expose_secret(), "s3cret");
    assert!(!format!("{:?}", read_bucket(&[], Some("s3cret")).unwrap()).contains("s3cret"));
    for endpoint in ["https://s3.example.com", "http://127.0.0.1:9000"] {
        assert!(read_bucket(&["--s3-endpoint", endpoint], Some("s")).is_ok(), "{endpoint}");
    }
    for endpoint in
        ["http://s3.example.com", "https://s3.example.com/redub", "https://id:key@s3.example.com", "ftp://s"]
    {
        let error = read_bucket(&["--s3-endpoint", endpoint], Some("s")).unwrap_err();
        assert!(error.contains("--s3-endpoint"), "{error}");
    }
}
