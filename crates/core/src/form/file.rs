//! Materials: whether there are enough files, and whether a file is of a kind that is taken. It reads no
//! bytes: the media type is found by content before, by whoever stores the file.

use crate::{
    case::File,
    outcome::Missing,
    text::Text,
    workflow::{Material, Place},
};

/// `require: [material]`: what to tell when there are fewer files than it takes.
pub fn enough_files(material: &Material, files: &[File]) -> Option<Missing> {
    let (have, least) = (files.len(), material.least);
    if have >= least as usize {
        return None;
    }
    let Text { en, zh } = &material.title;
    let message = if least == 1 {
        Text::new(format!("Upload: {en}."), format!("请上传：{zh}。"))
    } else {
        Text::new(
            format!("Upload at least {least} files: {en}; there are {have}."),
            format!("{zh}至少上传 {least} 个文件，现有 {have} 个。"),
        )
    };
    Some(problem(material, message))
}

/// What to tell when a file is too large, of a kind that is not taken, or one too many.
pub fn fitting_file(material: &Material, there: &[File], file: &File) -> Option<Missing> {
    let Text { en, zh } = &material.title;
    let known = material
        .accept
        .iter()
        .any(|extension| media_types(extension).contains(&file.media_type.as_str()));
    if !material.accept.is_empty() && !known {
        let (kinds, kinds_zh) = (material.accept.join(", "), material.accept.join("、"));
        return Some(problem(
            material,
            Text::new(
                format!("{en}: this is not a file of the kind {kinds}."),
                format!("{zh}：文件类型应为 {kinds_zh}。"),
            ),
        ));
    }
    if file.size > material.max_bytes {
        let most = readable(material.max_bytes);
        return Some(problem(
            material,
            Text::new(
                format!("{en}: at most {most}."),
                format!("{zh}：最大 {most}。"),
            ),
        ));
    }
    // Where one is kept, a new one replaces it.
    if material.most > 1 && there.len() >= material.most as usize {
        let most = material.most;
        return Some(problem(
            material,
            Text::new(
                format!("{en}: at most {most} files."),
                format!("{zh}：最多 {most} 个文件。"),
            ),
        ));
    }
    None
}

/// The media types that content of this kind of file shows, by its extension.
pub fn media_types(extension: &str) -> &'static [&'static str] {
    match extension {
        "pdf" => &["application/pdf"],
        "docx" => &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
        "xlsx" => &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
        "pptx" => &["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
        "doc" => &["application/msword"],
        "xls" => &["application/vnd.ms-excel"],
        "ppt" => &["application/vnd.ms-powerpoint"],
        // An OFD invoice is a ZIP archive; detectors that do not know it say so.
        "ofd" => &["application/ofd", "application/zip"],
        "zip" => &["application/zip"],
        "png" => &["image/png"],
        "jpg" | "jpeg" => &["image/jpeg"],
        "txt" => &["text/plain"],
        "csv" => &["text/csv", "text/plain"],
        "xml" => &["text/xml", "application/xml"],
        _ => &[],
    }
}

fn problem(material: &Material, message: Text) -> Missing {
    Missing {
        name: material.name.to_string(),
        message,
        at: Some(Place::Whole(material.name.clone())),
    }
}

fn readable(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")];
    UNITS
        .iter()
        .find(|(size, _)| bytes >= *size && bytes.is_multiple_of(*size))
        .map_or_else(
            || format!("{bytes} bytes"),
            |(size, unit)| format!("{} {unit}", bytes / size),
        )
}
