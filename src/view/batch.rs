//! What is to be written into the rows, collected so that it goes to the browser in one call: at 1,000 rows the calls
//! would cost several times what they do.

use crate::columns::Column;
use crate::format::{DateTimeFormat, Formats, float_of};
use crate::time::{Distance, Instant, Unit};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

#[wasm_bindgen(module = "/src/view/batch.js")]
extern "C" {
    /// Makes or removes rows at the end until there are so many, and keeps their nodes: [`Part::COUNT`] of each cell.
    pub fn resize(body: &HtmlElement, template: &Element, length: usize, nodes: &Array);
    /// Writes into `range` where the rows begin and end that a reader may see, and so many more on either side, if all are
    /// equally high.
    pub fn near(body: &HtmlElement, margin: usize, range: &mut [f64]);
    fn write(nodes: &Array, steps: &[f64], texts: &str, words: &Array, format: Option<&DateTimeFormat>, anew: bool);
}

/// How many of the latest words are looked through for one that is wanted again.
const LATEST: usize = 16;

/// The nodes that are kept of a cell.
#[derive(Clone, Copy)]
pub enum Part {
    /// The cell.
    Cell,
    /// The element in it that has its text; the cell itself, if nothing is in between.
    Inner,
    /// The text.
    Text,
}

impl Part {
    /// How many there are.
    pub const COUNT: usize = 3;
}

/// What is written of a node. The numbers are those of `batch.js`, where one more says that it is a word.
#[derive(Clone, Copy)]
pub enum Write {
    /// Its text.
    Text = 0,
    /// Its class.
    Class = 2,
    /// When something was, and how far that is from now.
    Instant = 4,
}

/// What is to be written.
pub struct Batch<'a> {
    /// How values are formatted.
    pub formats: &'a Formats,
    /// What time it is.
    pub now: Instant,
    /// The nodes of all rows.
    nodes: &'a Array,
    /// The columns of a row.
    order: &'a [Column],
    /// The place of the row's first node.
    row: usize,
    /// The place of a node, what of it, and the length of its text in UTF-16 or the index of its word; of an instant
    /// also the milliseconds.
    steps: Vec<f64>,
    /// The texts, one after the other.
    texts: String,
    /// Texts that many rows have.
    words: Array,
    known_words: Vec<(&'a str, u32)>,
    known_distances: Vec<((i64, Unit), u32)>,
}

impl<'a> Batch<'a> {
    /// Nothing yet, at the first row.
    pub fn new(nodes: &'a Array, order: &'a [Column], formats: &'a Formats, now: Instant) -> Self {
        Self {
            formats,
            now,
            nodes,
            order,
            row: 0,
            steps: Vec::new(),
            texts: String::new(),
            words: Array::new(),
            known_words: Vec::new(),
            known_distances: Vec::new(),
        }
    }

    /// Goes on to a row.
    pub fn go_to_row(&mut self, index: usize) {
        self.row = index * self.order.len() * Part::COUNT;
    }

    /// A node of this row.
    pub fn node(&self, column: Column, part: Part) -> JsValue {
        self.nodes.get(self.place(column, part))
    }

    /// A text of this row's own.
    pub fn text(&mut self, column: Column, part: Part, what: Write, text: &str) {
        self.texts.push_str(text);
        let length = text.chars().map(char::len_utf16).sum();
        self.step(column, part, what as u32, number(length));
    }

    /// A text that other rows are likely to have too: the browser is given it once.
    pub fn word(&mut self, column: Column, part: Part, what: Write, word: &'a str) {
        let index = index(&mut self.known_words, word, &self.words, || word.into());
        self.step(column, part, what as u32 + 1, index);
    }

    /// An instant and how far it is from now; when that changes.
    pub fn instant(&mut self, column: Column, instant: Instant) -> Instant {
        let distance = Distance::of(instant, self.now);
        let key = (distance.value, distance.unit);
        let word = || self.formats.distance(distance).into();
        let index = index(&mut self.known_distances, key, &self.words, word);
        self.step(column, Part::Inner, Write::Instant as u32, index);
        self.steps.push(float_of(instant));
        distance.until
    }

    /// Writes all of it. `anew`: the instants are others than before, and not only told in another way.
    pub fn write(self, anew: bool) {
        if !self.steps.is_empty() {
            write(self.nodes, &self.steps, &self.texts, &self.words, self.formats.instants(), anew);
        }
    }

    fn step(&mut self, column: Column, part: Part, what: u32, n: u32) {
        self.steps.extend([self.place(column, part), what, n].map(f64::from));
    }

    fn place(&self, column: Column, part: Part) -> u32 {
        let cell = self.order.iter().position(|each| *each == column).unwrap_or(0);
        number(self.row + cell * Part::COUNT + part as usize)
    }
}

/// A length or a place as the browser takes it.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The index of a word, which is made if it is none of the latest.
fn index<K: PartialEq>(known: &mut Vec<(K, u32)>, key: K, words: &Array, word: impl FnOnce() -> JsValue) -> u32 {
    if let Some((_, index)) = known.iter().rev().take(LATEST).find(|(each, _)| *each == key) {
        return *index;
    }
    let index = words.push(&word()) - 1;
    known.push((key, index));
    index
}
