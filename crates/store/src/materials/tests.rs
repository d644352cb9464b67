//! Materials in a folder: what is stored, what is refused and what is swept.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{
    collections::HashSet,
    io::{Cursor, Write as _},
    sync::Arc,
};

use bytes::Bytes;
use chrono::TimeDelta;
use countersign_engine::ports::{
    Clock as _, Materials as _, SystemClock, VirtualClock,
    materials::{ByteStream, PutError},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{KeptMaterials, kind::Sample, local};

fn bytes(pieces: Vec<Bytes>) -> ByteStream {
    stream::iter(pieces).map(Ok).boxed()
}

fn fresh() -> (tempfile::TempDir, Arc<VirtualClock>, KeptMaterials) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::stopped_at(SystemClock.now()));
    let materials = local(&folder.path().join("materials"), clock.clone()).unwrap();
    (folder, clock, materials)
}

async fn read(materials: &KeptMaterials, sha256: &str) -> Option<Vec<u8>> {
    let found = materials.get(sha256).await.unwrap()?;
    let pieces: Vec<Bytes> = found.try_collect().await.unwrap();
    Some(pieces.concat())
}

/// All files in a folder, however deep.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

#[tokio::test]
async fn bytes_come_back_from_their_content_address() {
    let (folder, _, materials) = fresh();
    let pieces = [
        Bytes::from_static(b"%PDF-1.7\n"),
        Bytes::from(vec![b'x'; 3 << 20]),
    ];
    let stored = materials
        .put(bytes(pieces.to_vec()), 4 << 20)
        .await
        .unwrap();
    assert_eq!(stored.size, 9 + (3 << 20));
    assert_eq!(
        (stored.extension.as_deref(), stored.media_type.as_str()),
        (Some("pdf"), "application/pdf")
    );
    assert_eq!(
        read(&materials, &stored.sha256).await.unwrap(),
        pieces.concat()
    );
    let again = materials
        .put(bytes(pieces.to_vec()), 4 << 20)
        .await
        .unwrap();
    assert_eq!(again, stored);
    assert_eq!(
        files(folder.path()).len(),
        1,
        "the same bytes lie there once"
    );
    let abc = materials
        .put(bytes(vec![Bytes::from_static(b"abc")]), 3)
        .await
        .unwrap();
    assert_eq!(
        abc.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let empty = materials.put(bytes(Vec::new()), 3).await.unwrap();
    assert_eq!(
        read(&materials, &empty.sha256).await.unwrap(),
        Vec::<u8>::new()
    );
}

#[tokio::test]
async fn too_much_and_broken_off_leave_nothing() {
    let (folder, _, materials) = fresh();
    let much = bytes(vec![Bytes::from(vec![0; 2 << 20]); 3]);
    let refused = materials.put(much, (6 << 20) - 1).await.unwrap_err();
    assert!(matches!(refused, PutError::TooLarge { max_bytes } if max_bytes == (6 << 20) - 1));
    let broken = stream::iter([
        Ok(Bytes::from(vec![0; 2 << 20])),
        Err(std::io::Error::other("gone")),
    ]);
    let refused = materials.put(broken.boxed(), 6 << 20).await.unwrap_err();
    assert!(matches!(refused, PutError::Broken(_)));
    assert_eq!(files(folder.path()), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn only_content_addresses_are_looked_up() {
    let (folder, _, materials) = fresh();
    std::fs::write(folder.path().join("secret"), "x").unwrap();
    for wrong in [
        "../secret",
        "",
        "AB",
        &"zz".repeat(32),
        &"AB".repeat(32),
        &"ab".repeat(32),
    ] {
        assert_eq!(read(&materials, wrong).await, None, "{wrong}");
    }
}

#[tokio::test]
async fn only_what_nobody_wants_goes_after_a_day() {
    let (folder, clock, materials) = fresh();
    let put = async |text: &'static str| {
        materials
            .put(bytes(vec![Bytes::from(text)]), 99)
            .await
            .unwrap()
            .sha256
    };
    let (kept, gone) = (put("kept").await, put("gone").await);
    std::fs::create_dir_all(folder.path().join("materials/incoming")).unwrap();
    std::fs::write(folder.path().join("materials/incoming/left"), "half").unwrap();
    let wanted = HashSet::from([kept.clone()]);
    clock.advance(TimeDelta::hours(23));
    assert_eq!(materials.sweep(&wanted).await.unwrap(), 0);
    clock.advance(TimeDelta::hours(2));
    assert_eq!(materials.sweep(&wanted).await.unwrap(), 2);
    assert_eq!(read(&materials, &kept).await.unwrap(), b"kept");
    assert_eq!(read(&materials, &gone).await, None);
    assert_eq!(files(folder.path()).len(), 1);
}

/// An archive of empty parts with these names, and this comment.
fn zip(parts: &[&str], comment: &str) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut offsets = Vec::new();
    let word = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    for part in parts {
        offsets.push(u32::try_from(out.position()).unwrap().to_le_bytes());
        out.write_all(b"PK\x03\x04").unwrap();
        out.write_all(&[0; 22]).unwrap();
        out.write_all(&[word(part.len()), word(0)].concat())
            .unwrap();
        out.write_all(part.as_bytes()).unwrap();
    }
    let directory = u32::try_from(out.position()).unwrap().to_le_bytes();
    for (part, offset) in parts.iter().zip(&offsets) {
        out.write_all(b"PK\x01\x02").unwrap();
        out.write_all(&[0; 24]).unwrap();
        out.write_all(&[word(part.len()), word(0), word(0)].concat())
            .unwrap();
        out.write_all(&[0; 8]).unwrap();
        out.write_all(offset).unwrap();
        out.write_all(part.as_bytes()).unwrap();
    }
    out.write_all(b"PK\x05\x06").unwrap();
    out.write_all(&[0; 12]).unwrap();
    out.write_all(&directory).unwrap();
    out.write_all(&word(comment.len())).unwrap();
    out.write_all(comment.as_bytes()).unwrap();
    out.into_inner()
}

#[test]
fn kinds_are_told_by_content() {
    let types = "[Content_Types].xml";
    let mut many: Vec<String> = (0..5_000)
        .map(|n| format!("ppt/slides/slide{n}.xml"))
        .collect();
    many.extend([types.to_owned(), "ppt/presentation.xml".to_owned()]);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases: [(&str, Vec<u8>, Option<&str>); 13] = [
        (
            "a document",
            zip(&[types, "word/document.xml"], ""),
            Some("docx"),
        ),
        (
            "its parts in another order",
            zip(&["word/document.xml", "x", types], "by somebody"),
            Some("docx"),
        ),
        (
            "a sheet",
            zip(&[types, "xl/workbook.xml"], ""),
            Some("xlsx"),
        ),
        ("slides, thousands of them", zip(&many, ""), Some("pptx")),
        (
            "an OFD",
            zip(&["OFD.xml", "Doc_0/Document.xml"], ""),
            Some("ofd"),
        ),
        ("just an archive", zip(&["readme.txt"], ""), Some("zip")),
        (
            "one that only has a similar part",
            zip(&["old/word/document.xml", types], ""),
            Some("zip"),
        ),
        (
            "one without content types",
            zip(&["word/document.xml"], ""),
            Some("zip"),
        ),
        (
            "one that is cut off",
            zip(&[types, "word/document.xml"], "")[..60].to_vec(),
            Some("zip"),
        ),
        ("a PDF", b"%PDF-1.4 ...".to_vec(), Some("pdf")),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            Some("png"),
        ),
        ("a text", "订单".as_bytes().to_vec(), None),
        ("nothing", Vec::new(), None),
    ];
    for (what, bytes, extension) in cases {
        for piece in [1 << 16, 7] {
            let mut sample = Sample::default();
            bytes.chunks(piece).for_each(|piece| sample.take(piece));
            assert_eq!(sample.kind().extension.as_deref(), extension, "{what}");
        }
    }
}

#[test]
fn a_long_archive_is_told_by_its_end() {
    let mut sample = Sample::default();
    sample.take(b"PK\x03\x04");
    for _ in 0..9 {
        sample.take(&vec![b'x'; 1 << 20]);
    }
    // The directory's offset counts from the beginning of all bytes.
    let mut end = zip(&["[Content_Types].xml", "xl/workbook.xml"], "");
    let before = u32::try_from(4 + 9 * (1 << 20)).unwrap();
    let at = end.len() - 6;
    let offset = u32::from_le_bytes(end[at..at + 4].try_into().unwrap()) + before;
    end[at..at + 4].copy_from_slice(&offset.to_le_bytes());
    sample.take(&end);
    assert_eq!(sample.kind().extension.as_deref(), Some("xlsx"));
}
