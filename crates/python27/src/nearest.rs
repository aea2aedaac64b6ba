//! The name that may have been meant.

/// The name most like `wrong`, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// A longer word is not a mistyped name, and comparing takes time and memory.
    const LONGEST: usize = 100;
    let letters = wrong.chars().count();
    if letters > LONGEST {
        return None;
    }
    let limit = (letters / 3).max(1);
    names
        .into_iter()
        .filter(|name| name.len() <= 4 * LONGEST)
        .map(|name| (strsim::osa_distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_suggested() {
        let names = ["environment", "role", "cluster"];
        assert_eq!(nearest("enviroment", names), Some("environment"));
        assert_eq!(nearest("rol", names), Some("role"));
        assert_eq!(nearest("rloe", names), Some("role"));
        assert_eq!(nearest("replicas", names), None);
        assert_eq!(nearest(&"role".repeat(1_000_000), names), None);
    }
}
