//! Responses of the API in one line.

use aurora_api::{Response, ResponseCode, ResponseDetail, Result as Branch};

/// A success that gives back something.
pub fn success(result: Branch) -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        result: Some(result),
        ..Response::default()
    }
}

/// A success that gives back nothing but a message; an empty one is left out.
pub fn success_with_message(message: &str) -> Response {
    failure(ResponseCode::OK, message)
}

/// `INVALID_REQUEST` with a message.
pub fn refusal(message: &str) -> Response {
    failure(ResponseCode::INVALID_REQUEST, message)
}

/// Any code with a message; an empty one is left out.
pub fn failure(code: ResponseCode, message: &str) -> Response {
    let details = (!message.is_empty()).then(|| {
        vec![ResponseDetail {
            message: Some(message.to_owned()),
        }]
    });
    Response {
        response_code: Some(code),
        details,
        ..Response::default()
    }
}
