//! Files of a case: shown, to be added, and downloaded. A file is never shown in place.

use axum::{
    body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::Response,
};
use countersign_core::{
    case::{File, FileId},
    policy::Policy,
    view::FileView,
    workflow::Material,
};
use countersign_engine::{Error, ports::store::CaseAddress, shown as shown_to};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    Shown, Typed,
    everything::{Body, around, one_material},
    header::Tab,
    load::show,
    values::size,
};
use crate::{
    WebState,
    door::SignedIn,
    page::{say, trouble},
};

/// The files of a material, each to be downloaded, and to be removed by whoever may.
pub fn files(shown: &Shown, material: &Material, files: &[FileView], is_open: bool) -> Markup {
    let language = shown.language();
    html! {
        ul.files {
            @for file in files {
                li {
                    a href={ "/cases/" (shown.view.number) "/files/" (material.name) "/" (file.id) } download { (file.name) }
                    " " span.quiet { (size(file.size)) " · "
                        @if let Some(by) = &file.uploaded_by { (shown.name(by)) " · " }
                        (shown.clock.moment(file.uploaded_at)) }
                    @if is_open {
                        " " button.quiet type="submit" name="remove" value={ (material.name) "/" (file.id) } {
                            (say(language, "Remove", "删除")) span.hidden { " " (file.name) }
                        }
                    }
                }
            }
        }
    }
}

/// The input for more of them.
pub fn open_files(shown: &Shown, typed: &Typed, material: &Material) -> Markup {
    let language = shown.language();
    let name = format!("file.{}", material.name);
    let kinds = material.accept.iter().map(|kind| format!(".{kind}"));
    let kinds: Vec<String> = kinds.collect();
    let fault = typed.fault(&material.name);
    html! {
        div.field.wrong[fault.is_some()] {
            label for=(name) {
                @if material.most == 1 { (say(language, "Choose a file", "选择文件")) } @else { (say(language, "Add files", "添加文件")) }
                @if material.least == 0 { (say(language, " (optional)", "（选填）")) }
            }
            p.hint id={ (name) "-hint" } {
                (material.accept.join(say(language, ", ", "、"))) (say(language, ", at most ", "，最大 ")) (size(material.max_bytes))
                @if material.template.is_some() { (say(language, ". ", "。")) a href={ "/v1/workflows/" (shown.view.workflow) "/templates/" (material.name) } { (say(language, "Template", "模板")) } }
            }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            input type="file" id=(name) name=(name) accept=(kinds.join(",")) multiple[material.most != 1] aria-describedby={ (name) "-hint" };
        }
    }
}

/// `GET /cases/{number}/files`: all files, material by material.
pub async fn files_of_case(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    let shown = match show(&state, &reader, &number).await {
        Ok(shown) => shown,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let typed = Typed::default();
    let materials = shown.workflow.materials.values();
    let any = !shown.view.materials.is_empty();
    let contents = html! {
        @for material in materials { (one_material(&shown, &typed, material)) }
        @if !any { p.none { (say(shown.language(), "There are no files yet.", "尚无文件。")) } }
    };
    let tab = Tab::Files;
    around(&reader.visitor, &shown, &typed, &Body { tab, contents })
}

/// `GET /cases/{number}/files/{material}/{file}`.
pub async fn download(
    State(state): State<WebState>,
    reader: SignedIn,
    Path((number, material, id)): Path<(String, String, String)>,
) -> Response {
    match bytes(&state, &reader, &number, &material, &id).await {
        Ok(response) => response,
        Err(error) => trouble(&reader.visitor, &error),
    }
}

async fn bytes(
    state: &WebState,
    reader: &SignedIn,
    number: &str,
    material: &str,
    id: &str,
) -> Result<Response, Error> {
    let id = FileId(id.parse().map_err(|_| Error::NotFound)?);
    let address = CaseAddress::parse(number);
    let scene = state.engine.look(&reader.actor(), &address).await?;
    let visible = |scene: &_| {
        shown_to(scene, reader.language(), |viewer, workflow, case| {
            let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
            let files = case.content.materials.get(material);
            let file = files.and_then(|files| files.iter().find(|file| file.id == id));
            file.filter(|_| policy.visible().whole(material)).cloned()
        })
    };
    let file = state.engine.fill(scene, visible).await?.flatten();
    let file = file.ok_or(Error::NotFound)?;
    let stream = state.engine.material_bytes(&file).await?;
    Ok(served(&file, body::Body::from_stream(stream)))
}

fn served(file: &File, body: body::Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let unknown = HeaderValue::from_static("application/octet-stream");
    let media_type = HeaderValue::try_from(&file.media_type).unwrap_or(unknown);
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let plain = HeaderValue::from_static("attachment");
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).unwrap_or(plain),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ] {
        headers.insert(name, value);
    }
    response
}
