//! Explains a key, or points at what is wrong with it: `explain west/www/prod/web/0,7-4`.

use aurora_jobkey::InstanceKey;

#[expect(clippy::print_stdout, reason = "an example talks to people")]
fn main() {
    for text in std::env::args().skip(1) {
        match text.parse::<InstanceKey>() {
            Ok(key) => {
                let job = key.job();
                println!("{key}");
                println!("  cluster      {}", job.cluster());
                println!("  role         {}", job.role());
                println!("  environment  {}", job.environment());
                println!("  name         {}", job.name());
                match key.instances() {
                    Some(instances) => println!("  instances    {instances} ({})", instances.len()),
                    None => println!("  instances    all"),
                }
            }
            Err(error) => {
                let span = error.span();
                let blanks = text[..span.start].chars().count();
                let carets = text[span].chars().count().max(1);
                println!("{text}");
                println!("{}{} {error}", " ".repeat(blanks), "^".repeat(carets));
            }
        }
    }
}
