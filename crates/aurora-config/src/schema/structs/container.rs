//! Containers.

use super::prelude::*;

declare! {
    /// What the processes of a job run in.
    #[derive(Eq)]
    struct Container = "Container" {
        /// A Docker container, the only supported kind.
        docker, with_docker: [maybe of Docker] needed;
    }

    /// A Docker container. Its image must contain what the executor needs: Python 2.7.
    #[derive(Eq)]
    struct Docker = "Docker" {
        /// The name of the image. It is pulled unless the host has it.
        image, with_image: [text] required;
        /// Options for `docker run`.
        parameters, with_parameters: [list Parameter] default([]);
    }

    /// One option of `docker run`. The scheduler must allow such options.
    #[derive(Eq)]
    struct Parameter = "Parameter" {
        /// The long name of the option without its dashes, such as `volume`.
        name, with_name: [text] required;
        /// Its value.
        value, with_value: [text] required;
    }
}

impl Container {
    /// A Docker container.
    pub fn docker(docker: Docker) -> Self {
        Self::default().with_docker(docker)
    }
}

impl Docker {
    /// A container of an image, without parameters.
    pub fn new(image: impl Into<String>) -> Self {
        Self::with_required(image.into())
    }
}

impl Parameter {
    /// An option with its value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::with_required(name.into(), value.into())
    }
}
