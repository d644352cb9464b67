//! Uploaded files where an operator keeps them: in a folder, or in a bucket of a real server that speaks S3. The same is
//! promised of both.

mod bucket;

use std::{collections::HashSet, path::Path, sync::Arc};

use axum::body::Bytes;
use chrono::TimeDelta;
use countersign_engine::ports::{
    Clock as _, Materials as _, SystemClock, VirtualClock,
    materials::{ByteStream, PutError},
};
use countersign_store::materials::{KeptMaterials, Place, open};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use bucket::S3;

const MIB: usize = 1 << 20;

/// Where the bytes of a place lie, to be counted there.
enum Looked<'a> {
    Files(&'a Path),
    Objects(&'a S3),
}

impl Looked<'_> {
    /// How many there are; in a folder half-written ones too.
    fn count(&self) -> usize {
        match self {
            Self::Files(folder) => files(folder).len(),
            Self::Objects(server) => server.objects(),
        }
    }
}

/// All files in a folder, however deep.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
    listed
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Bytes of which no two parts are alike.
fn bytes(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

fn stream_of(bytes: &[u8], piece: usize) -> ByteStream {
    let pieces: Vec<Bytes> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
    stream::iter(pieces).map(Ok).boxed()
}

async fn read(materials: &KeptMaterials, sha256: &str) -> Option<Vec<u8>> {
    let found = materials.get(sha256).await.expect("it is looked up")?;
    let pieces: Vec<Bytes> = found.try_collect().await.expect("it is read");
    Some(pieces.concat())
}

/// What is promised of every place.
async fn keeps_its_promises(place: &Place, looked: &Looked<'_>) {
    let clock = Arc::new(VirtualClock::stopped_at(SystemClock.now()));
    let materials = open(place, clock.clone()).await.expect("it opens");
    // Of no part, of less than one, of exactly one, of several that fall between the pieces that come.
    let mut wanted = HashSet::new();
    for size in [0, 9, 5 * MIB, 12 * MIB + 7] {
        let sent = bytes(size);
        for _ in 0..2 {
            let stored = materials.put(stream_of(&sent, 700_001), sent.len() as u64);
            let stored = stored.await.expect("it is stored");
            assert_eq!(stored.size, size as u64);
            let kept = read(&materials, &stored.sha256).await;
            assert!(kept.is_some_and(|kept| kept == sent), "{size}");
            wanted.insert(stored.sha256);
        }
        assert_eq!(looked.count(), wanted.len(), "the same lies there once");
    }
    let unknown = "ab".repeat(32);
    assert_eq!(read(&materials, &unknown).await, None);
    assert_eq!(read(&materials, "../../secret").await, None);

    let much = bytes(12 * MIB);
    let refused = materials.put(stream_of(&much, MIB), much.len() as u64 - 1);
    let refused = refused.await.expect_err("it is too much");
    assert!(matches!(refused, PutError::TooLarge { .. }), "{refused}");
    let broken = stream_of(&much, MIB).chain(stream::iter([Err(std::io::Error::other("gone"))]));
    let refused = materials.put(broken.boxed(), u64::MAX).await;
    let refused = refused.expect_err("the sender broke off");
    assert!(matches!(refused, PutError::Broken(_)), "{refused}");
    assert_eq!(looked.count(), wanted.len(), "nothing is left of it");

    let gone = materials.put(stream_of(b"gone", 4), 4).await;
    let gone = gone.expect("it is stored").sha256;
    clock.advance(TimeDelta::hours(23));
    assert_eq!(materials.sweep(&wanted).await.expect("it is swept"), 0);
    clock.advance(TimeDelta::hours(2));
    assert_eq!(materials.sweep(&wanted).await.expect("it is swept"), 1);
    assert_eq!(read(&materials, &gone).await, None);
    assert_eq!(looked.count(), wanted.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_what_is_promised() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::Folder(folder.path().to_owned());
    keeps_its_promises(&place, &Looked::Files(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_what_is_promised() {
    let Some(server) = S3::start().await else {
        return;
    };
    for prefix in ["", "countersign/materials"] {
        keeps_its_promises(&server.place(prefix), &Looked::Objects(&server)).await;
        server.clear();
    }
}
