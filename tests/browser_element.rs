//! The component in a real browser: what it shows for an answer, and that it ends.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use bigkey_tasks::element::{App, EarlyRequest, OnDemand};
use bigkey_tasks::extras::{self, List, Place};
use bigkey_tasks::format;
use bigkey_tasks::messages::Messages;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, HtmlElement, HtmlSelectElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

const URL: &str = "/v2/p/instances/i/bigkey-tasks?limit=10&offset=0";

const EXAMPLE: &str = r#"{
  "instance_id" : "5f9057b5-c330-4ee2-8138-7e69896eeec3",
  "count" : 1,
  "records" : [ {
    "id" : "858ee14c-2271-4489-8b82-7bda7459ae3e",
    "scan_type" : "manual",
    "status" : "success",
    "created_at" : "2020-06-15T02:21:18.669Z",
    "started_at" : "2020-06-15T02:21:23.534Z",
    "finished_at" : "2020-06-15T02:21:25.588Z"
  } ]
}"#;

#[wasm_bindgen(inline_js = r#"
    export function on_demand(openTask, showForm) { return { call: (name, argument) => ({ openTask, showForm })[name]?.(argument) } }
    export function list() { return { onShow: () => ({ records: null, unreadable: 0, status: '' }), skew: () => 0n, choose() {}, rearrange() {} } }
    export function early(url, body, status) { return { url, response: Promise.resolve(new Response(null, { status })), text: Promise.resolve(body), controller: new AbortController() } }
    export function matching(root, selector) { return root.querySelectorAll(selector).length }
    export function root(host) { return host.attachShadow({ mode: 'open' }) }
    export function frame() { return new Promise((done) => requestAnimationFrame(() => setTimeout(done))) }
    export function heard(host, name) { const all = []; host.addEventListener(name, (event) => all.push(event.detail)); return all }
    export function member(value, name) { return value?.[name] }
    const fetched = globalThis.fetch
    export function answer_with(body) { globalThis.fetch = async () => new Response(body) }
    export function answer_by_server() { globalThis.fetch = fetched }
    export function watch(element) {
        const all = []
        new MutationObserver((records) => all.push(...records)).observe(element, { subtree: true, childList: true, attributes: true, characterData: true })
        return all
    }
    export function written(all) {
        const place = (node) => (node.nodeType === 3 ? 'text of ' + place(node.parentNode) : node.closest('td')?.className.split(' ')[0] ?? node.localName)
        return all.map(({ type, target, attributeName }) => `${type === 'attributes' ? attributeName : type} ${place(target)}`).join('\n')
    }
"#)]
extern "C" {
    fn on_demand(task: &JsValue, form: &JsValue) -> OnDemand;
    fn list() -> List;
    fn early(url: &str, body: &str, status: u16) -> EarlyRequest;
    fn matching(root: &ShadowRoot, selector: &str) -> u32;
    fn root(host: &HtmlElement) -> ShadowRoot;
    fn frame() -> Promise;
    fn heard(host: &HtmlElement, name: &str) -> Array;
    fn member(value: &JsValue, name: &str) -> JsValue;
    fn answer_with(body: &str);
    fn answer_by_server();
    fn watch(element: &Element) -> JsValue;
    fn written(seen: &JsValue) -> String;
}

/// A component over an answer that is already there.
struct Mounted {
    host: HtmlElement,
    root: ShadowRoot,
    app: Option<App>,
}

impl Mounted {
    fn new(attributes: &[(&str, &str)], answer: Option<(&str, u16)>) -> Self {
        let host: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        for (name, value) in attributes {
            host.set_attribute(name, value).unwrap();
        }
        document().body().unwrap().append_child(&host).unwrap();
        let root = root(&host);
        let into: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        root.append_child(&into).unwrap();
        let place = {
            let (host, into) = (host.clone(), into.clone());
            move || Place::new(host.clone(), into.first_element_child().unwrap().unchecked_into(), list())
        };
        // What the loader does once it has the other module.
        let task = Closure::<dyn FnMut(JsValue)>::new({
            let place = place.clone();
            move |task: JsValue| extras::task::open(place(), &task)
        });
        let form = Closure::<dyn FnMut(HtmlElement)>::new(move |into: HtmlElement| {
            extras::form::show(place(), &into);
        });
        let on_demand = on_demand(&task.into_js_value(), &form.into_js_value());
        let early = answer.map(|(body, status)| early(URL, body, status));
        let app = App::new(host.clone(), into, early, on_demand);
        app.complete();
        app.start(&root);
        Self { host, root, app: Some(app) }
    }

    fn over(body: &str, status: u16) -> Self {
        Self::new(
            &[("project-id", "p"), ("instance-id", "i"), ("refresh", "off"), ("time-zone", "UTC"), ("locale", "en")],
            Some((body, status)),
        )
    }

    fn set(&self, name: &str, value: &str) {
        self.host.set_attribute(name, value).unwrap();
        self.app.as_ref().unwrap().changed(false, false);
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector).and_then(|element| element.text_content()).unwrap_or_default()
    }

    fn count(&self, selector: &str) -> u32 {
        matching(&self.root, selector)
    }

    fn is_shown(&self, selector: &str) -> bool {
        self.find(selector).is_some_and(|element| !element.unchecked_into::<HtmlElement>().hidden())
    }

    /// Asks again, and is answered with these records. What was written into the rows meanwhile: what kind of change,
    /// and where.
    async fn refresh(&self, records: &str) -> String {
        let seen = watch(&self.find("tbody").unwrap());
        answer_with(&format!(r#"{{"records":[{records}]}}"#));
        JsFuture::from(self.app.as_ref().unwrap().refresh()).await.unwrap();
        answer_by_server();
        JsFuture::from(frame()).await.unwrap();
        written(&seen)
    }

    /// What each cell of a column shows.
    fn column(&self, name: &str) -> Vec<String> {
        let cells = self.root.query_selector_all(&format!("td.{name}")).unwrap();
        (0..cells.length()).map(|index| cells.get(index).unwrap().text_content().unwrap()).collect()
    }

    /// Waits until `condition` holds; five seconds' worth of frames at the most.
    async fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if condition(self) {
                return;
            }
            JsFuture::from(frame()).await.unwrap();
        }
        panic!("waited in vain for {what}");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.unmount();
        }
        self.host.remove();
    }
}

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

#[wasm_bindgen_test]
async fn the_documented_answer_is_one_row() {
    let page = Mounted::over(EXAMPLE, 200);
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    assert_eq!(page.text("td.id"), "858ee14c-2271-4489-8b82-7bda7459ae3e");
    assert_eq!(page.text("td.status"), "Successful");
    assert_eq!(page.text("td.method"), "Manual");
    assert_eq!(page.text("td.duration"), "2 s");
    let created = page.find("td.created time").unwrap();
    assert_eq!(created.get_attribute("datetime").as_deref(), Some("2020-06-15T02:21:18.669Z"));
    assert!(created.text_content().unwrap().contains("2020"));
    assert_eq!(page.text(".range"), "1–1 of 1");
    assert_eq!(page.find("table").unwrap().get_attribute("aria-busy").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn what_is_unknown_is_shown_as_it_came_and_as_text() {
    let page = Mounted::over(
        r#"{"count":1,"records":[{"id":"<img src=x onerror=alert(1)>","status":"<b>odd</b>","scan_type":"x","created_at":"soon"}]}"#,
        200,
    );
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    assert_eq!(page.text("td.id"), "<img src=x onerror=alert(1)>");
    assert_eq!(page.text("td.status"), "<b>odd</b>");
    assert_eq!(page.text("td.created"), "soon");
    assert_eq!(page.count("tbody img, tbody b, tbody time"), 0);
    assert_eq!(page.text("td.started"), "—");
}

#[wasm_bindgen_test]
async fn a_record_that_cannot_be_read_is_told_and_the_others_stay() {
    let page = Mounted::over(r#"{"count":3,"records":[{"id":"a"},{"status":"failed"},{"id":"c"}]}"#, 200);
    page.until("the notice", |page| page.is_shown(".warning:not([hidden])")).await;
    assert_eq!(page.count("tbody tr"), 2);
    assert!(page.root.text_content().unwrap().contains("1 task of this page could not be read"));
}

/// A catalogue that has these texts and lacks all others.
fn catalogue(texts: &[(&str, JsValue)]) -> Array {
    let text = |name: &&str| texts.iter().find(|(each, _)| each == name).map(|(_, text)| text.clone());
    Messages::NAMES.iter().map(|name| text(name).unwrap_or_default()).collect()
}

#[wasm_bindgen_test]
async fn a_number_is_spoken_of_as_the_language_does() {
    let forms = ["zero", "one", "two", "few", "many", "other"].map(|form| format!("{form} {{{form} {{n}}}}"));
    let unreadable = format!("{{n, plural, {}}}", forms.join(" "));
    format::learn("ar", &catalogue(&[("unreadable", unreadable.into())]), Messages::learn);
    let records = |unreadable: usize| {
        let records = vec![r#"{"status":"failed"}"#; unreadable].join(",");
        format!(r#"{{"count":2000,"records":[{records}]}}"#)
    };
    for (locale, n, expected) in [
        ("ar-EG", 1, "one 1"),
        ("ar-EG", 2, "two 2"),
        ("ar-EG", 3, "few 3"),
        ("ar-EG", 10, "few 10"),
        ("en", 1, "1 task of this page could not be read and is not shown."),
        ("en", 2, "2 tasks of this page could not be read and are not shown."),
        ("fr", 2, "2 tasks of this page could not be read and are not shown."),
    ] {
        let page = Mounted::new(
            &[("project-id", "p"), ("instance-id", "i"), ("refresh", "off"), ("locale", locale)],
            Some((&records(n), 200)),
        );
        page.until("the notice", |page| page.is_shown(".warning:not([hidden])")).await;
        let told = page.text(".warning:not([hidden])");
        assert_eq!(told, expected, "{locale}");
    }
}

#[wasm_bindgen_test]
async fn texts_that_arrive_later_take_the_place_of_the_english_ones() {
    let page = Mounted::over(EXAMPLE, 200);
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    page.set("locale", "zh-TW");
    let spoken = |page: &Mounted| {
        let view = page.find(".app").unwrap();
        (view.get_attribute("lang").unwrap(), view.get_attribute("dir").unwrap(), page.text(".refresh"))
    };
    let of = |lang: &str, refresh: &str| (lang.to_owned(), "ltr".to_owned(), refresh.to_owned());
    assert_eq!(spoken(&page), of("en", "Refresh"));
    format::learn("zh", &catalogue(&[("refresh", "刷新".into()), ("retry", 1.into())]), Messages::learn);
    page.app.as_ref().unwrap().changed(false, false);
    assert_eq!(spoken(&page), of("zh-Hans", "刷新"));
    page.until("the rows", |page| page.count("tbody tr") == 1).await;
    assert_eq!(page.text(".retry"), "Retry", "what is no text is in English");
    page.set("locale", "en");
    assert_eq!(spoken(&page), of("en", "Refresh"));
}

#[wasm_bindgen_test]
async fn an_error_tells_code_message_and_what_to_do() {
    let page = Mounted::over(r#"{"error_code":"DCS.4919","error_msg":"Does not support bigkey analyze."}"#, 400);
    let errors = heard(&page.host, "bigkey-error");
    page.until("the alert", |page| page.is_shown(".error[role=alert]")).await;
    let text = page.text(".error[role=alert] .text");
    assert!(text.contains("DCS.4919") && text.contains("Does not support bigkey analyze."), "{text}");
    assert!(text.contains("Choose another instance."), "{text}");
    assert!(!page.is_shown(".retry"), "a retry cannot help");
    assert!(!page.is_shown(".empty:not(.scroller)"), "an error is no empty list");
    let detail = errors.get(0);
    assert_eq!(member(&detail, "errorCode").as_string().as_deref(), Some("DCS.4919"));
    assert_eq!(member(&detail, "status").as_f64(), Some(400.0));
}

#[wasm_bindgen_test]
async fn an_answer_that_was_cut_off_can_be_retried() {
    let page = Mounted::over(r#"{"count":1,"records":[{"id""#, 200);
    page.until("the alert", |page| page.is_shown(".error[role=alert]")).await;
    assert!(page.text(".error[role=alert]").contains("cut off"));
    assert!(page.is_shown(".retry"));
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_know_the_call_is_an_error_over_real_http() {
    // No early answer: the component's own client asks the server that serves these tests.
    let page = Mounted::new(&[("project-id", "p"), ("instance-id", "i"), ("refresh", "off"), ("locale", "en")], None);
    page.until("the alert", |page| page.is_shown(".error[role=alert]")).await;
    assert!(page.text(".error[role=alert]").contains("404"), "{}", page.text(".error[role=alert]"));
}

#[wasm_bindgen_test]
async fn nobody_there_is_an_error_that_can_be_retried() {
    let page = Mounted::new(
        &[
            ("project-id", "p"),
            ("instance-id", "i"),
            ("refresh", "off"),
            ("locale", "en"),
            ("api-base", "http://127.0.0.1:9"),
        ],
        None,
    );
    page.until("the alert", |page| page.is_shown(".error[role=alert]")).await;
    assert!(page.text(".error[role=alert]").contains("No connection"));
    assert!(page.is_shown(".retry"));
}

#[wasm_bindgen_test]
async fn without_ids_there_is_a_form_and_no_request() {
    let page = Mounted::new(&[("locale", "en")], None);
    page.until("the form", |page| page.is_shown("form.ids")).await;
    assert_eq!(page.count("form.ids input"), 3, "the two IDs, and a name");
    page.find("form.ids .primary").unwrap().unchecked_into::<HtmlElement>().click();
    page.until("the hint", |page| page.is_shown("form .error")).await;
    assert_eq!(page.text("form .error"), "Enter the Project ID.");
}

#[wasm_bindgen_test]
async fn attributes_lead_and_a_person_s_step_is_reflected_in_them() {
    let page = Mounted::over(EXAMPLE, 200);
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    page.set("status", "failed");
    let select = || page.find("select").unwrap().unchecked_into::<HtmlSelectElement>();
    // Nobody answers here, so what was asked for is told by what could not be loaded.
    page.until("the filter", |page| page.text(".error").contains("Not loaded: Status Failed")).await;
    let changes = heard(&page.host, "bigkey-query-change");
    select().set_value("running");
    select().dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    assert_eq!(page.host.get_attribute("status").as_deref(), Some("running"));
    assert_eq!(changes.length(), 1);
    assert_eq!(member(&member(&changes.get(0), "query"), "status").as_string().as_deref(), Some("running"));
}

#[wasm_bindgen_test]
async fn a_value_that_is_not_valid_is_named_with_its_default() {
    let page = Mounted::over(EXAMPLE, 200);
    page.set("limit", "abc");
    page.until("the notice", |page| page.is_shown(".warning")).await;
    assert_eq!(page.text(".warning"), "limit cannot be “\u{2068}abc\u{2069}”; 10 is used instead.");
}

#[wasm_bindgen_test]
async fn unmounting_leaves_nothing_and_hears_nothing() {
    let mut page = Mounted::over(EXAMPLE, 200);
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    page.app.take().unwrap().unmount();
    let loads = heard(&page.host, "bigkey-load");
    JsFuture::from(frame()).await.unwrap();
    assert_eq!(loads.length(), 0);
}

#[wasm_bindgen_test]
async fn the_tasks_of_a_load_are_plain_data_and_a_hosts_to_change() {
    let page = Mounted::new(
        &[("project-id", "p"), ("instance-id", "i"), ("refresh", "off")],
        Some((r#"{"count":1,"records":[{"id":"a","status":"running"}]}"#, 200)),
    );
    let loads = heard(&page.host, "bigkey-load");
    page.until("the event", |_| loads.length() == 1).await;
    let detail = loads.get(0);
    let records = member(&detail, "records");
    assert!(js_sys::Object::is(&records, &member(&detail, "records")), "made once");
    let told = String::from(js_sys::JSON::stringify(&detail).unwrap());
    assert!(told.ends_with(r#""count":1,"records":[{"id":"a","status":"running"}]}"#), "{told}");
    js_sys::Reflect::set(&detail, &"records".into(), &JsValue::from(7)).unwrap();
    assert_eq!(member(&detail, "records").as_f64(), Some(7.0));
}

#[wasm_bindgen_test]
async fn a_host_that_shows_tasks_itself_keeps_the_dialog_closed() {
    let page = Mounted::over(EXAMPLE, 200);
    page.until("a row", |page| page.count("tbody tr") == 1).await;
    let click = || page.find("td.id button").unwrap().unchecked_into::<HtmlElement>().click();
    let handler = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| event.prevent_default());
    let listener = handler.as_ref().unchecked_ref();
    page.host.add_event_listener_with_callback("bigkey-task-select", listener).unwrap();
    click();
    assert!(page.find("dialog").is_none());
    page.host.remove_event_listener_with_callback("bigkey-task-select", listener).unwrap();
    click();
    assert!(page.find("dialog").unwrap().has_attribute("open"));
    assert!(page.text("dialog").contains("2020-06-15T02:21:18.669Z"));
}

/// A record that started at midnight and took so many seconds.
fn took(id: &str, seconds: u32) -> String {
    let (from, to) =
        ("2020-06-15T00:00:00.000Z", format!("2020-06-15T00:{:02}:{:02}.000Z", seconds / 60, seconds % 60));
    format!(
        r#"{{"id":"{id}","scan_type":"auto","status":"success","created_at":"{from}","started_at":"{from}","finished_at":"{to}"}}"#
    )
}

#[wasm_bindgen_test]
async fn a_duration_is_told_in_its_two_greatest_units() {
    let ends =
        [("00:00:07", "7 s"), ("00:26:00", "26 min 0 s"), ("01:03:11", "1 h 3 min"), ("23:59:59", "23 h 59 min")];
    let records = ends.map(|(end, _)| took(end, 0).replace("00:00:00.000Z\"}", &format!("{end}.000Z\"}}")));
    let page = Mounted::over(&format!(r#"{{"records":[{}]}}"#, records.join(",")), 200);
    page.until("the rows", |page| page.count("tbody tr") == 4).await;
    assert_eq!(page.column("duration"), ends.map(|(_, told)| told));
}

#[wasm_bindgen_test]
async fn a_refresh_writes_what_changed_and_nothing_else() {
    let [a, b] = [took("a", 10), took("b", 20)];
    let page = Mounted::over(&format!(r#"{{"records":[{a},{b}]}}"#), 200);
    page.until("the rows", |page| page.count("tbody tr") == 2).await;
    let loads = heard(&page.host, "bigkey-load");
    assert_eq!(page.refresh(&format!("{a},{b}")).await, "");
    let records = js_sys::JSON::stringify(&member(&loads.get(0), "records")).unwrap();
    assert_eq!(records, format!("[{a},{b}]"));
    let renamed = took("c", 20);
    assert_eq!(page.refresh(&format!("{a},{renamed}")).await, "characterData text of id");
    let failed = renamed.replace("success", "failed");
    let told = page.refresh(&format!("{a},{failed}")).await;
    assert_eq!(told, "characterData text of status\nclass status");
    assert_eq!(page.column("status"), ["Successful", "Failed"]);
    let later = failed.replace("00:00:20", "00:00:15");
    let told = page.refresh(&format!("{a},{later}")).await;
    // The longest run of the page is another, so what all bars are measured by is too.
    let of_the_other = "class duration\n";
    let own = "characterData text of completed\ndatetime completed\ncharacterData text of duration";
    assert_eq!(told, format!("{of_the_other}{own}"));
    assert_eq!(page.column("duration"), ["10 s", "15 s"]);
    let bars = [page.find("td.duration").unwrap(), page.find("tr + tr td.duration").unwrap()];
    assert_eq!(bars.map(|bar| bar.class_name()), ["duration bar-7", "duration bar-10"]);
}

#[wasm_bindgen_test]
async fn rows_come_and_go_and_a_run_that_stands_out_is_told() {
    let usual = ["a", "b", "c"].map(|id| took(id, 10)).join(",");
    let page = Mounted::over(&format!(r#"{{"records":[{usual}]}}"#), 200);
    page.until("the rows", |page| page.count("tbody tr") == 3).await;
    assert_eq!(page.count("tbody [tabindex='0']"), 1);
    page.refresh("").await;
    assert_eq!(page.count("tbody tr"), 0);
    page.refresh(&format!("{usual},{},{}", took("d", 300), took("e", 10))).await;
    assert_eq!(page.column("id"), ["a", "b", "c", "d", "e"]);
    assert_eq!(page.column("duration"), ["10 s", "10 s", "10 s", "5 min 0 s", "10 s"]);
    assert_eq!(page.count("tbody [tabindex='0']"), 1);
    let slow = page.find("td.slow").unwrap();
    assert_eq!(slow.class_name(), "duration bar-10 slow");
    assert!(slow.has_attribute("title"));
    page.refresh(&usual).await;
    assert_eq!(page.column("id"), ["a", "b", "c"]);
    page.refresh(&format!("{usual},{}", took("d", 10))).await;
    assert_eq!(page.count("td.slow, td[title]"), 0);
}

#[wasm_bindgen_test]
async fn odd_texts_take_their_own_cells_and_no_other() {
    let odd = [
        r#"{"id":"\ud83d\udd11","scan_type":"","status":"\ud83d\ude80","created_at":"","started_at":"\u0000","finished_at":"bald"}"#,
        r#"{"id":"a\u0000b","scan_type":"\u0000","status":"","created_at":null,"started_at":"2020-06-15T00:00:00Z"}"#,
        r#"{"id":7,"status":"\ud800","created_at":"0000-01-01T00:00:00Z","finished_at":"9999-12-31T23:59:60+00:01"}"#,
    ];
    let page = Mounted::over(&format!(r#"{{"records":[{}]}}"#, odd.join(",")), 200);
    page.until("the rows", |page| page.count("tbody tr") == 3).await;
    let loads = heard(&page.host, "bigkey-load");
    let check = |page: &Mounted| {
        assert_eq!(page.column("id"), ["🔑", "a\0b", "7"]);
        assert_eq!(page.column("status"), ["🚀", "", "\u{fffd}"]);
        assert_eq!(page.column("method"), ["", "\0", "—"]);
        assert_eq!(page.column("created")[..2], ["—", "—"]);
        assert_eq!(page.column("started")[0], "\0");
        assert_eq!(page.column("completed")[..2], ["bald", "—"]);
        assert_eq!(page.column("duration"), ["—", "—", "—"]);
        let times = page.root.query_selector_all("td time").unwrap();
        let machine = |index| times.get(index).unwrap().unchecked_into::<Element>().get_attribute("datetime").unwrap();
        let times: Vec<_> = (0..times.length()).map(machine).collect();
        assert_eq!(times, ["2020-06-15T00:00:00.000Z", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:00.000Z"]);
    };
    check(&page);
    // Of nothing but texts, a page is read in another way, and means the same.
    page.refresh(r#"{"id":"\ud83d\udd11 \udd11","status":"\ud83d","created_at":null}"#).await;
    assert_eq!((page.column("id"), page.column("status")), (vec!["🔑 \u{fffd}".into()], vec!["\u{fffd}".into()]));
    // There and back: what was a mere text is an instant, and the other way round.
    page.refresh(&["x", "y", "z"].map(|id| took(id, 5)).join(",")).await;
    assert_eq!(page.count("td time"), 9);
    page.refresh(&odd.join(",")).await;
    check(&page);
    let first = member(&member(&loads.get(2), "records"), "0");
    assert_eq!(
        js_sys::JSON::stringify(&first).unwrap(),
        odd[0].replace("\\ud83d\\udd11", "🔑").replace("\\ud83d\\ude80", "🚀")
    );
}

#[wasm_bindgen_test]
async fn a_running_task_counts_on() {
    let now = |seconds: f64| {
        String::from(js_sys::Date::new(&(js_sys::Date::now() - seconds * 1000.0).into()).to_iso_string())
    };
    let record = format!(r#"{{"id":"a","status":"running","created_at":"{0}","started_at":"{0}"}}"#, now(5.0));
    let page = Mounted::over(&format!(r#"{{"records":[{record}]}}"#), 200);
    page.until("the row", |page| page.count("tbody tr") == 1).await;
    let before = (page.text("td.duration"), page.text("td.created"));
    let datetime = watch(&page.find("td.created").unwrap());
    page.until("another duration", |page| page.text("td.duration") != before.0 && page.text("td.created") != before.1)
        .await;
    let written = written(&datetime);
    assert!(written.lines().all(|line| line == "characterData text of created"), "{written}");
}
