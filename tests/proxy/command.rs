//! The command: options, environment, file, and what it says of mistakes.

use crate::kit::{INSTANCE, PROJECT, Start, Stub, list, ok};

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_one_clear_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    // The environment is looked at where there is no option; the option given by the tests counts more.
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_bigkey-proxy")).env("BIGKEY_LISTEN", &address).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        error.starts_with(&format!("bigkey-proxy: cannot listen on {address}: ")) && error.lines().count() == 1,
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_greeting_names_the_demo_instance() {
    let (status, out, _) = Start::demo().args(&["--check", "--base-path", "/x"]).run().await;
    assert!(status.success() && out.contains("the configuration is usable") && out.contains("/x"), "{out}");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_bigkey-proxy"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let lines: Vec<_> = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()))
        .take(2)
        .map(Result::unwrap)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(lines[0].starts_with("bigkey-proxy listens on http://127.0.0.1:"), "{lines:?}");
    assert!(lines[1].ends_with(&format!("/?project_id={PROJECT}&instance_id={INSTANCE}")), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named_with_their_place() {
    let service = "upstream = \"https://dcs.example.com\"\n";
    let instance = |name: &str, project: &str, instance: &str| {
        format!("[[instances]]\nname = \"{name}\"\nproject_id = \"{project}\"\ninstance_id = \"{instance}\"\n")
    };
    for (config, expected) in [
        ("listen = \"127.0.0.1:1\"\nlisten_on = 1\n", vec!["line 2", "listen_on"]),
        ("[cache]\nttl = \"2s\"\nsize = 3\n", vec!["line 3", "size"]),
        ("[limits]\ncalls = \"many\"\n", vec!["line 2", "invalid type"]),
        ("[cache]\nttl = 2\n", vec!["line 2"]),
        ("listen = \"nowhere\"\n", vec!["line 1"]),
        ("[[instances]]\nname = \"x\"\nproject_id = \"p\"\n", vec!["line 1", "instance_id"]),
        (&instance("x", "p/..", "i"), vec!["instances: entry 1", "\"x\"", "project_id is malformed"]),
        (&instance("x", "p", "i%2f"), vec!["entry 1", "instance_id is malformed"]),
        (&(instance("x", "p", "i") + &instance(" ", "p", "i")), vec!["entry 2", "the name is empty"]),
        (&instance(&"\u{e9}".repeat(101), "p", "i"), vec!["entry 1", "longer than 100 characters"]),
        (&instance("a\\tb", "p", "i"), vec!["entry 1", "control character"]),
        (&(instance("x", "p", "i") + "color = 1\n"), vec!["line 5", "color"]),
        (
            &format!("allow = [\"p/*\", \"q/i\"]\n{}{}", instance("x", "p", "j"), instance("y", "q", "j")),
            vec!["entry 2", "\"y\"", "`allow` refuses"],
        ),
        ("allow = [\"p/*\", \"p\"]\n", vec!["allow: entry 2", "PROJECT/INSTANCE"]),
        ("frame_ancestors = [\"*; script-src *\"]\n", vec!["frame_ancestors"]),
        ("base_path = \"/a/../b\"\n", vec!["base_path"]),
        ("dist = \"/nowhere\"\n", vec!["dist", "index.html"]),
        ("[limits]\ncall_timeout = \"0s\"\n", vec!["limits.call_timeout"]),
        ("[limits]\nheader_timeout = \"500000000000y\"\n", vec!["limits.header_timeout", "at most 1day"]),
        ("[limits]\nshutdown_timeout = \"25h\"\n", vec!["limits.shutdown_timeout", "at most 1day"]),
        ("[cache]\nttl = \"1day\"\n", vec!["cache.ttl"]),
        ("upstream = \"ftp://x\"\n", vec!["upstream", "https://"]),
        ("upstream = \"https://user:pass@x\"\n", vec!["upstream", "user or password"]),
        (service, vec!["credentials", "BIGKEY_TOKEN"]),
        (&format!("{service}[credentials]\ntoken = \"x\"\n"), vec!["line 3", "token"]),
        (
            &format!("{service}[credentials]\ntoken_file = \"/nowhere/token\"\n"),
            vec!["credentials.token_file: /nowhere/token: No such file"],
        ),
        (
            &format!(
                "{service}[credentials.iam]\nendpoint = \"https://iam.example.com\"\nuser = \"u\"\ndomain = \"d\"\nproject_id = \"p\"\n"
            ),
            vec!["credentials.iam", "BIGKEY_IAM_PASSWORD"],
        ),
        ("= 1\n", vec!["line 1"]),
        ("[limits]\nconnections = 1000001\n", vec!["limits.connections", "1000000"]),
        ("[limits]\ncalls = 9223372036854775807\n", vec!["limits.calls", "1000000"]),
    ] {
        let (status, _, error) = Start::default().config(config).args(&["--check"]).run().await;
        assert_eq!(status.code(), Some(1), "{config}");
        for part in expected {
            assert!(error.contains(part), "{config}\nshould name {part}: {error}");
        }
    }
    let both =
        Start::default().config(service).env("BIGKEY_TOKEN", "5ecret").env("BIGKEY_AK", "5ecret").args(&["--check"]);
    let (status, _, error) = both.run().await;
    assert!(!status.success() && error.contains("more than one kind") && !error.contains("5ecret"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_a_wrong_place_is_not_shown() {
    let service = "upstream = \"https://dcs.example.com\"\n";
    for (config, key) in [
        ("[credentials]\ntoken = \"5ecret\"\n", "line 3 (token): "),
        ("[credentials]\n  BIGKEY_TOKEN=\"5ecret\"\n", "line 3: unknown field, expected one of `token_file`"),
        ("credentials = \"5ecret\"\n", "line 2 (credentials): "),
        ("credentials = { token = \"5ecret\" }\n", "line 2 (credentials): "),
        ("[credentials]\niam = \"5ecret \\\" too\"\n", "line 3 (iam): "),
        ("[credentials]\ntoken_file = [\"5ecret\"]\n", "line 3 (token_file): "),
        ("[credentials]\ntoken = \"5ecret\n", "line 3 (token): "),
        ("[credentials]\ntoken = 5ecret\n", "line 3 (token): "),
        ("pass5ecret==\n", "line 2: "),
        ("5ecret\n", "line 2: "),
        ("[cache]\nttl = \"5ecret\"\n", "line 3 (ttl): "),
        ("[cache]\nttl = \"1 5ecret\"\n", "line 3 (ttl): "),
        ("[credentials]\ntoken_file = 5\n", "line 3 (token_file): invalid type: integer, expected path string"),
        ("\"5ecret\" = 1\n", "line 2: unknown field, expected one of `listen`"),
        ("\"5ecret` or \" = 1\n", "line 2: unknown field, expected one of `listen`"),
        ("5ecret = 1\n5ecret = 2\n", "line 3: duplicate key"),
        ("[log]\nlevel = \"5ecret\"\n", "line 3 (level): unknown variant, expected one of `error`"),
        ("[log]\nlevel = \"5ecret, expected `5ecret`\"\n", "line 3 (level): unknown variant, expected one of `error`"),
        ("[credentials]\ntoken_file = \"5ecret/abc+/==\"\n", "credentials.token_file: a name that is not shown"),
        ("[credentials]\nak_file = \"5ecret\"\n", "credentials.ak_file: a name that is not shown"),
        ("[credentials]\nsk_file = \"5ecret\"\n", "credentials.sk_file: a name that is not shown"),
        (
            "[credentials.iam]\nendpoint = \"\"\nuser = \"\"\ndomain = \"\"\nproject_id = \"\"\npassword_file = \"5ecret\"\n",
            "credentials.iam.password_file: a name that is not shown",
        ),
        ("allow = [\"5ecret\"]\n", "allow: entry 1"),
        ("frame_ancestors = [\"5ecret\"]\n", "frame_ancestors: entry 1"),
    ] {
        let (status, out, error) =
            Start::default().config(&format!("{service}{config}")).args(&["--check"]).run().await;
        assert!(!status.success() && error.contains(key), "{config}\nshould name {key}: {error}");
        assert!(!error.contains("5ecret") && !out.contains("5ecret"), "{config}\n{error}");
    }
    for value in ["5ecret\nX-Evil: 1", "5ecret\u{7f}"] {
        let (status, _, error) =
            Start::default().config(service).env("BIGKEY_TOKEN", value).args(&["--check"]).run().await;
        assert!(!status.success() && error.contains("BIGKEY_TOKEN") && !error.contains("5ecret"), "{error}");
    }
    let file = || Start::default().config(service).env("BIGKEY_TOKEN_FILE", "5ecret").args(&["--check"]);
    let with_config = file().config("[credentials]\ntoken_file = \"5ecret\"");
    for (start, expected) in [
        (file(), "BIGKEY_TOKEN_FILE: a name that is not shown"),
        (file().env("BIGKEY_TOKEN", "5ecret"), "BIGKEY_TOKEN and BIGKEY_TOKEN_FILE are both set"),
        (with_config, "BIGKEY_TOKEN_FILE: a name that is not shown"),
        (Start::demo().config("base_path = \"5ecret\""), "base_path: not a path"),
        (Start::demo().config("dist = \"5ecret\""), "dist: there is no index.html"),
    ] {
        let (status, out, error) = start.run().await;
        assert!(!status.success() && error.contains(expected) && !(error + &out).contains("5ecret"), "{expected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_not_forgotten_over_the_demo() {
    let credential = "[credentials]\ntoken_file = \"/nowhere\"\n";
    for (start, given) in [
        (Start::demo().env("BIGKEY_TOKEN", "t"), "BIGKEY_TOKEN"),
        (Start::demo().env("BIGKEY_SK_FILE", "/nowhere"), "BIGKEY_SK"),
        (Start::demo().env("BIGKEY_TOKEN", "").env("BIGKEY_IAM_PASSWORD", "x"), "BIGKEY_IAM_PASSWORD"),
        (Start::demo().config(credential), "[credentials]"),
    ] {
        let (status, _, error) = start.args(&["--allow", "p/*", "--check"]).run().await;
        assert_eq!(status.code(), Some(1), "{given}");
        for part in [given, "--upstream https://", "--upstream demo"] {
            assert!(error.contains(part), "should name {part}: {error}");
        }
    }
    for start in [
        Start::demo().args(&["--upstream", "demo"]).env("BIGKEY_TOKEN", "t"),
        Start::demo().config("upstream = \"demo\"").config(credential),
        Start::demo().env("BIGKEY_TOKEN", ""),
    ] {
        let (status, _, error) = start.args(&["--check"]).run().await;
        assert!(status.success(), "the demo by name, or no credential: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_file_is_valid_and_complete() {
    let sample = std::fs::read_to_string("deploy/bigkey-proxy.toml").unwrap();
    let (status, out, error) = Start::default().config(&sample).args(&["--check"]).run().await;
    assert!(status.success(), "{out}{error}");
    // With every commented setting switched on, it is still valid: each line is a real one. What stands for another
    // kind of credential, or for files that are not here, is left out.
    let all: Vec<_> = sample
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line))
        .filter(|line| !line.contains("_file =") && !line.starts_with("dist ="))
        .map(|line| if line == "allow = []" { "allow = [\"*/*\"]" } else { line })
        .collect();
    let all = all.join("\n");
    let (status, out, error) = Start::default()
        .config(&all)
        .env("BIGKEY_IAM_PASSWORD", "x")
        .args(&["--upstream", "https://dcs.example.com"])
        .args(&["--check"])
        .run()
        .await;
    assert!(status.success(), "{all}{out}{error}");
    assert!(out.contains("iam"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_option_counts_more_than_the_environment_and_that_more_than_the_file() {
    let (file, environment, option) =
        (Stub::start(|_, _| ok()).await, Stub::start(|_, _| ok()).await, Stub::start(|_, _| ok()).await);
    let start = || Start::at(&file.url()).env("BIGKEY_TOKEN", "t");
    start().go().await.get(&list("i", "")).await;
    assert_eq!((file.calls(), environment.calls(), option.calls()), (1, 0, 0));
    start().env("BIGKEY_UPSTREAM", &environment.url()).go().await.get(&list("i", "")).await;
    assert_eq!((file.calls(), environment.calls(), option.calls()), (1, 1, 0));
    let all = start().env("BIGKEY_UPSTREAM", &environment.url()).args(&["--upstream", &option.url()]);
    all.go().await.get(&list("i", "")).await;
    assert_eq!((file.calls(), environment.calls(), option.calls()), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_json_with_a_request_id() {
    let proxy = Start::demo().args(&["--log-format", "json"]).go().await;
    let got = proxy.get(&format!("/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks")).await;
    assert_eq!(got.header("x-request-id").len(), 32);
    let log = proxy.end().await;
    let line = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|line| line["message"] == "answered")
        .unwrap();
    assert_eq!((&line["route"], &line["status"], &line["source"]), (&"list".into(), &200.into(), &"called".into()));
    assert_eq!(line["request_id"], got.header("x-request-id"));
    assert!(line["view"].as_str().unwrap().ends_with("?limit=10&offset=0") && line["micros"].is_u64());
}
