//! Joins the component's stylesheets into those that the modules carry, without comments and indentation.

use std::path::Path;
use std::{env, fs, io};

/// One file a part of the view, in the order of the cascade. `page.css` is not among them: it belongs to the page.
const PARTS: [&str; 7] = ["tokens", "layout", "controls", "summary", "table", "pagination", "notice"];
/// What is loaded on demand.
const EXTRAS: [&str; 4] = ["dialog", "form", "options", "chart"];

fn main() -> io::Result<()> {
    join("style.css", &PARTS)?;
    join("extras.css", &EXTRAS)
}

fn join(name: &str, parts: &[&str]) -> io::Result<()> {
    let mut joined = String::new();
    for part in parts {
        let file = format!("style/{part}.css");
        println!("cargo::rerun-if-changed={file}");
        let text = fs::read_to_string(file)?;
        let mut rest = text.as_str();
        while let Some((before, comment)) = rest.split_once("/*") {
            joined.push_str(before);
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        }
        joined.push_str(rest);
    }
    let lines: Vec<_> = joined.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let short = lines.join("").replace(": ", ":").replace(" {", "{").replace(", ", ",").replace(";}", "}");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join(name), short)
}
