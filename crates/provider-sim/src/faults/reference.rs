//! The words as `--help` lists them.

/// Each word's form and what it does.
pub(crate) const WORDS: [(&str, &str); 20] = [
    ("sim:error", "accepted; ends in status error with a message"),
    ("sim:slow=SECONDS", "the prediction takes that long instead of --predict-seconds"),
    ("sim:401[=N|=always]", "the create is refused with 401 the first time, or the first N times, for the same input"),
    ("sim:402[=N|=always]", "the same with 402"),
    ("sim:403[=N|=always]", "the same with 403"),
    ("sim:429[=N|=always]", "the same with 429 and Retry-After: 1"),
    ("sim:500[=N|=always]", "the create is answered 500 and not accepted; every time unless N is given"),
    ("sim:500-after-accept[=N]", "accepted and journalled, answered 500; every time unless N is given"),
    ("sim:drop-after-accept[=N]", "accepted and journalled, the connection is closed without an answer"),
    ("sim:garbage-after-accept[=N]", "accepted and journalled, answered 200 with an unreadable body"),
    ("sim:unlisted", "the prediction is left out of /v1/executions, so that a lost answer stays lost"),
    ("sim:redirect", "307 to the same path with or without its final slash; accepted there"),
    ("sim:redirect=elsewhere", "307 to another host, where nothing is accepted and /stats counts the strayed request"),
    ("sim:poll-404[=N|=always]", "the first 2 (or N) reads of the prediction are answered 404"),
    ("sim:poll-500[=N|=always]", "the first (or first N) reads are answered 500"),
    (
        "sim:status=WORD",
        "reads show WORD while it runs; failed, error, cancelled and canceled are shown at the end, without a result",
    ),
    (
        "sim:output=null|array|object|private",
        "output is null, [URL], {url: URL}, or a URL on a private address (http://10.0.0.1/result.mp4)",
    ),
    (
        "sim:short-download[=N|=always]",
        "the first (or first N) downloads of the result end before their Content-Length",
    ),
    ("sim:webhook-twice | sim:no-webhook", "the webhook is sent twice, or never"),
    ("sim:webhook-early", "a webhook that says succeeded is sent before the create's answer; the usual one follows"),
];

/// The list as text, one word a line, for a terminal.
pub fn reference() -> String {
    let lines = WORDS.iter().map(|(form, does)| format!("  {form}\n          {does}\n"));
    format!("Words in a prompt that ask for a fault:\n{}", lines.collect::<String>())
}
