//! Writes the man pages into a folder: `cargo run --example man_pages -- FOLDER`.

use std::fs;
use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("name the folder to write the pages into"));
    };
    fs::create_dir_all(&folder)?;
    for page in aurora_cli::man_pages()? {
        fs::write(folder.join(page.file_name), page.text)?;
    }
    Ok(())
}
