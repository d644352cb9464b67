//! What a page of a case has sent, read part by part: what was typed, and files, which are stored as they come.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest as _, Multipart, Request, multipart::Field},
    http::header,
};
use countersign_core::{text::Language, view::refusal_text};
use countersign_engine::Error;
use futures::{SinkExt as _, StreamExt as _, channel::mpsc};

use super::{Fault, values::size};
use crate::{door::Fields, page::say};

/// All that was typed, in bytes.
const TYPED_MOST: usize = 1024 * 1024;
/// How many files a page sends at most.
const FILES_MOST: usize = 50;

/// The form did not arrive as a browser sends it.
#[derive(Debug)]
pub struct Garbled;

/// The bytes of a file as they come.
pub type Coming = countersign_engine::ports::materials::ByteStream;

/// Reads a form. `file` is given each file, once all that stands before it on the page has been read.
pub async fn read<F>(
    request: Request,
    mut file: impl FnMut(&Fields, String, String, Coming) -> F,
) -> Result<Result<Fields, Error>, Garbled>
where
    F: Future<Output = Result<(), Error>>,
{
    let is_multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/form-data"));
    if !is_multipart {
        let bytes = to_bytes(request.into_body(), TYPED_MOST).await;
        return Ok(Ok(Fields::read(&bytes.map_err(|_| Garbled)?)));
    }
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| Garbled)?;
    let mut fields = Fields::default();
    let (mut typed, mut files) = (0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(|_| Garbled)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        match file_name {
            // An input for files in which none was chosen.
            Some(none) if none.is_empty() => {}
            Some(file_name) => {
                files += 1;
                if files > FILES_MOST {
                    return Err(Garbled);
                }
                let (sender, receiver) = mpsc::channel(1);
                let stored = file(&fields, name, file_name, Box::pin(receiver));
                let (stored, ()) = futures::join!(stored, pass_on(&mut part, sender));
                if let Err(error) = stored {
                    return Ok(Err(error));
                }
            }
            None => {
                let text = text(&mut part, TYPED_MOST - typed).await?;
                typed += text.len();
                fields.add(name, &text);
            }
        }
    }
    Ok(Ok(fields))
}

/// What became of the files of a form.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// Whether some were attached.
    pub any: bool,
    /// What was wrong with others.
    pub faults: Vec<Fault>,
}

impl Uploaded {
    /// Takes down what became of one.
    pub fn take(&mut self, result: Result<Result<(), Fault>, Error>) -> Result<(), Error> {
        match result? {
            Ok(()) => self.any = true,
            Err(fault) => self.faults.push(fault),
        }
        Ok(())
    }
}

/// The material that an input for files is for.
pub fn material(input: &str) -> &str {
    input.strip_prefix("file.").unwrap_or(input)
}

/// What became of a file; the inner error is told at its input.
pub fn told<T>(
    attached: Result<T, Error>,
    material: &str,
    language: Language,
) -> Result<Result<(), Fault>, Error> {
    let fault = |message: String| Fault {
        at: material.to_owned(),
        message,
    };
    match attached {
        Ok(_) => Ok(Ok(())),
        Err(Error::WrongKind(missing)) => Ok(Err(fault(missing.message.get(language).to_owned()))),
        Err(Error::TooLarge { max_bytes }) => {
            let why = say(
                language,
                "The file is too large. At most: ",
                "文件过大，最大：",
            );
            let most = size(max_bytes);
            Ok(Err(fault(format!("{why}{most}."))))
        }
        Err(Error::Refused(refused)) => {
            let told = refusal_text(&refused.refusal, None).1;
            Ok(Err(fault(told.get(language).to_owned())))
        }
        Err(error) => Err(error),
    }
}

/// Hands the bytes of a part on, until it ends or nobody wants more.
async fn pass_on(part: &mut Field<'_>, mut to: mpsc::Sender<std::io::Result<Bytes>>) {
    while let Some(bytes) = part.next().await {
        let failed = bytes.is_err();
        let passed = to.send(bytes.map_err(std::io::Error::other)).await;
        if failed || passed.is_err() {
            return;
        }
    }
}

async fn text(part: &mut Field<'_>, most: usize) -> Result<String, Garbled> {
    let mut bytes = Vec::new();
    while let Some(more) = part.chunk().await.map_err(|_| Garbled)? {
        if bytes.len() + more.len() > most {
            return Err(Garbled);
        }
        bytes.extend_from_slice(&more);
    }
    String::from_utf8(bytes).map_err(|_| Garbled)
}
