//! The durations of the tasks on this page over time, by status.

use super::Place;
use crate::chart::{Chart, Mark};
use crate::dom::{append, element, set_text, text};
use crate::messages::fill;
use crate::model::TaskStatus;
use crate::time::Instant;
use web_sys::{Document, Element, HtmlElement, Node};

/// What SVG elements are made in.
const SVG: &str = "http://www.w3.org/2000/svg";

/// The statuses that a mark can have, and its shape around its place, as in the table: a tick, a cross, a half-filled ring.
const SHAPES: [(TaskStatus, &str, &str); 3] = [
    (TaskStatus::Success, "mark success", "M-5 .3-3.6-1.1-1.2 1.2 3.6-3.8 5-2.4-1.2 4Z"),
    (TaskStatus::Failed, "mark failed", "M-4-4 4 4M-4 4 4-4"),
    (TaskStatus::Running, "mark running", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0M0-3a3 3 0 0 1 0 6Z"),
];

/// Draws the chart anew.
pub fn draw(place: &Place, into: &HtmlElement) {
    let texts = place.texts();
    let tasks = place.list.on_show().ok().and_then(|on_show| on_show.tasks()).unwrap_or_default();
    let Some(chart) = Chart::of(&tasks, place.now()) else {
        return into.replace_children_with_node_1(&text("p", texts.chart_empty()));
    };
    let Some(document) = into.owner_document() else { return };
    let (from, to) = (instant(place, chart.span.0), instant(place, chart.span.1));
    let longest = place.formats.duration(chart.range.1);
    let top = element("div.edge", &[&text("span", &longest), &legend(place, &chart)]);
    let bottom = element("div.edge", &[&text("span", &from)]);
    if chart.span.0 != chart.span.1 {
        append(&bottom, &text("span", &to));
    }
    let values = [
        ("n", chart.marks.len().to_string()),
        ("from", from),
        ("to", to),
        ("min", place.formats.duration(chart.range.0)),
        ("max", longest),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let Some(plot) = plot(place, &document, &chart, &fill(texts.chart_text(), &values)) else { return };
    let marks = element("div.marks", &[&plot]);
    let drawn = element("div", &[&top, &marks, &bottom]);
    // What a refresh did not change stays, and with it what a reader points at.
    if into.first_element_child().is_none_or(|before| !before.is_equal_node(Some(&drawn))) {
        into.replace_children_with_node_1(&drawn);
    }
}

fn instant(place: &Place, instant: Instant) -> String {
    place.formats.instant(instant).into()
}

/// What the shapes stand for, as far as they occur.
fn legend(place: &Place, chart: &Chart) -> HtmlElement {
    let legend = element("div.legend", &[]);
    for (status, ..) in SHAPES {
        let count = chart.count(&status);
        if count > 0 {
            let label = text(&["span.badge.", status.as_str()].concat(), "");
            set_text(&label, &[place.messages().status_text(&status), " ", &count.to_string()].concat());
            append(&legend, &label);
        }
    }
    legend
}

fn plot(place: &Place, document: &Document, chart: &Chart, alternative: &str) -> Option<Element> {
    let plot = svg(document, "svg", &[("class", "plot"), ("role", "img"), ("aria-label", alternative)])?;
    for height in ["0", "50%"] {
        let line = svg(document, "line", &[("x1", "0"), ("x2", "100%"), ("y1", height), ("y2", height)])?;
        plot.append_child(&line).ok()?;
    }
    for each in &chart.marks {
        plot.append_child(&mark(place, document, each)? as &Node).ok()?;
    }
    Some(plot)
}

/// A mark, in a picture of its own: that has its place in percent, where a path has not.
fn mark(place: &Place, document: &Document, mark: &Mark) -> Option<Element> {
    let percent =
        |value: f64| [&js_sys::Number::from(value).to_fixed(2).map_or("0".to_owned(), String::from), "%"].concat();
    let (left, top) = (percent(mark.left), percent(100.0 - mark.height));
    let around = svg(document, "svg", &[("x", &left), ("y", &top), ("overflow", "visible")])?;
    let status = mark.task.status.as_ref();
    let shape = SHAPES.iter().find(|(each, ..)| Some(each) == status);
    let (class, path) = shape.map_or(("mark", "M-3-3H3V3H-3Z"), |(_, class, path)| (*class, *path));
    let shape = svg(document, "path", &[("class", class), ("d", path)])?;
    let title = svg(document, "title", &[])?;
    let status = status.map_or("", |status| place.messages().status_text(status));
    let told = [&mark.task.id, "\n", status, " · ", &place.formats.duration(mark.millis)].concat();
    title.set_text_content(Some(&told));
    shape.append_child(&title).ok()?;
    around.append_child(&shape).ok()?;
    Some(around)
}

fn svg(document: &Document, name: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = document.create_element_ns(Some(SVG), name).ok()?;
    for (name, value) in attributes {
        element.set_attribute(name, value).ok()?;
    }
    Some(element)
}
