//! Apache Aurora cluster configuration: finding, merging and validating clusters.json
