//! What kind of file bytes are, by their content. A zip archive is told by the names of its parts, which
//! its directory at the end lists: documents of offices are archives, and so are most other things.

/// The beginning and the end of bytes that stream past.
#[derive(Debug, Default)]
pub struct Sample {
    head: Vec<u8>,
    tail: Vec<u8>,
    size: usize,
}

/// A kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// As an extension in lower case; `None`: unknown.
    pub extension: Option<String>,
    /// The media type.
    pub media_type: String,
}

/// How much of the beginning is kept: what magic numbers lie in.
const HEAD: usize = 8 << 10;
/// How much of the end is kept: the directory of an archive with thousands of parts.
const TAIL: usize = 1 << 20;

/// Kinds of archives by a part that each has, and no other has.
const BY_PART: [(&str, &str, &str); 4] = [
    (
        "word/document.xml",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xl/workbook.xml",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "ppt/presentation.xml",
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("OFD.xml", "ofd", "application/ofd"),
];
/// The part that every office document has besides.
const CONTENT_TYPES: &str = "[Content_Types].xml";

impl Sample {
    /// Looks at the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..room]);
        self.size += piece.len();
        self.tail.extend_from_slice(piece);
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
    }

    /// The kind, once all has passed.
    pub fn kind(&self) -> Kind {
        if self.head.starts_with(b"PK\x03\x04") {
            return archive(&self.part_names());
        }
        match infer::get(&self.head) {
            Some(found) => Kind {
                extension: Some(found.extension().to_owned()),
                media_type: found.mime_type().to_owned(),
            },
            None => Kind {
                extension: None,
                media_type: "application/octet-stream".to_owned(),
            },
        }
    }

    /// The names of an archive's parts, as far as its directory was kept.
    fn part_names(&self) -> Vec<String> {
        let kept_from = self.size - self.tail.len();
        let Some(end) = rfind(&self.tail, b"PK\x05\x06") else {
            return Vec::new();
        };
        let Some(directory) =
            read_u32(&self.tail, end + 16).and_then(|at| usize::try_from(at).ok())
        else {
            return Vec::new();
        };
        let mut names = Vec::new();
        let mut at = directory.saturating_sub(kept_from);
        while self.tail.get(at..at + 4) == Some(b"PK\x01\x02") {
            let lengths =
                [28, 30, 32].map(|offset| read_u16(&self.tail, at + offset).map(usize::from));
            let [Some(name), Some(extra), Some(comment)] = lengths else {
                break;
            };
            let Some(bytes) = self.tail.get(at + 46..at + 46 + name) else {
                break;
            };
            names.push(String::from_utf8_lossy(bytes).into_owned());
            at += 46 + name + extra + comment;
        }
        names
    }
}

fn archive(parts: &[String]) -> Kind {
    let has = |name: &str| {
        parts
            .iter()
            .any(|part| part.trim_start_matches('/') == name)
    };
    let found = BY_PART
        .iter()
        .find(|(part, extension, _)| has(part) && (*extension == "ofd" || has(CONTENT_TYPES)));
    let (extension, media_type) = found
        .map_or(("zip", "application/zip"), |(_, extension, media)| {
            (*extension, *media)
        });
    Kind {
        extension: Some(extension.to_owned()),
        media_type: media_type.to_owned(),
    }
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
}

fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
